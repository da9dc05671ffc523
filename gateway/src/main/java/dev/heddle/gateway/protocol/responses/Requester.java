package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.KeyDefaults;
import dev.heddle.streaming.run.TenantId;

/**
 * On whose behalf a response is created, and how.
 *
 * @param service what admits it, perhaps under the key of a request that may be repeated
 * @param parents where the response is looked for that it goes on from
 */
record Requester(TenantId tenant, KeyDefaults key, RunService service, Parents parents) {}
