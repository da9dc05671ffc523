package dev.heddle.gateway.http;

/** Whether facades do what this gateway can ({@code open}) or just what their origins did ({@code strict}). */
public enum Compat {
    OPEN,
    STRICT
}
