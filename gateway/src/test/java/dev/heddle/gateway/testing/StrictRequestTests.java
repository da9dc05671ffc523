package dev.heddle.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class StrictRequestTests {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ASKS = "{'role':'user','content':'hi'},";
    private static final String CALL = "{'id':'a','type':'function','function':{'name':'f','arguments':'{}'}}";
    private static final String OTHER_CALL = CALL.replace("'a'", "'b'");
    private static final String CALLS = "{'role':'assistant','content':null,'tool_calls':[" + CALL + "]},";
    private static final String OUTPUT = "{'role':'tool','tool_call_id':'a','content':''},";
    private static final String OTHER_OUTPUT = OUTPUT.replace("'a'", "'b'");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "USER",
                "{'role':'system','content':'x'},USER",
                "{'role':'developer','content':'x'},USER{'role':'assistant','content':'x'},USER",
                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'x'}}]}",
                "USER CALLS OUTPUT",
                "USER CALLS OUTPUT CALLS OUTPUT {'role':'assistant','content':'x'}",
                "USER {'role':'assistant','content':'x','tool_calls':[CALL,OTHER]} OUTPUT-B OUTPUT",
            })
    void aConversationThatKeepsTheRules(String messages) {
        assertThat(violationIn(messages, "")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            USER {'role':'system','content':'x'} | late or empty system
            {'role':'system','content':''} USER | late or empty system
            {'role':'user','content':''} | says nothing
            {'role':'user','content':null} | says nothing
            {'role':'user','content':[]} | says nothing
            {'role':'user','content':[{'type':'text','text':''}]} | says nothing
            USER {'role':'robot','content':'x'} | the role "robot"
            USER {'role':'assistant','content':null} | without content and calls
            USER {'role':'assistant','content':''} | without content and calls
            USER {'role':'assistant','content':'x','tool_calls':[]} | no list of calls
            USER {'role':'assistant','tool_calls':[CALL]} OUTPUT | no content, not even null
            {'role':'user','content':'x','tool_calls':[CALL]} | has calls, but is of user
            USER CALLS | no output follows for the calls [a]
            USER CALLS USER OUTPUT | stands before the outputs of the calls [a]
            USER CALLS CALLS OUTPUT OUTPUT | stands before the outputs of the calls [a]
            USER CALLS OUTPUT OUTPUT | an output of no call
            USER CALLS OUTPUT USER OUTPUT | an output of no call
            USER CALLS OUTPUT-B | an output of no call
            USER {'role':'assistant','content':null,'tool_calls':[CALL,OTHER]} OUTPUT | no output follows for the calls [b]
            USER {'role':'assistant','content':null,'tool_calls':[CALL,CALL]} OUTPUT | two calls with the id a
            USER CALLS {'role':'tool','tool_call_id':'a','content':null} | content is no text
            USER CALLS {'role':'tool','tool_call_id':'a'} | content is no text
            """)
    void aConversationThatBreaksThem(String messages, String words) {
        assertThat(violationIn(messages, "")).contains(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'type':'function','function':{'name':'f','arguments':'{}'}} | a call without id
            {'id':'a','function':{'name':'f','arguments':'{}'}} | of no function
            {'id':'a','type':'function','function':{'name':'','arguments':'{}'}} | names a function ""
            {'id':'a','type':'function','function':{'name':'f g','arguments':'{}'}} | names a function "f g"
            {'id':'a','type':'function','function':{'name':'f','arguments':''}} | are no JSON
            {'id':'a','type':'function','function':{'name':'f','arguments':'{'}} | are no JSON
            {'id':'a','type':'function','function':{'name':'f','arguments':'{}{}'}} | are no JSON
            {'id':'a','type':'function','function':{'name':'f','arguments':{}}} | are no JSON
            {'id':'a','type':'function','function':{'name':'f'}} | are no JSON
            """)
    void aCallThatIsNotWellFormed(String call, String words) {
        var messages = "USER {'role':'assistant','content':null,'tool_calls':[" + call + "]} OUTPUT";

        assertThat(violationIn(messages, "")).contains(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",'tools':[{'type':'function','function':{'name':'f'}}]",
                ",'tools':[{'type':'function','function':{'name':'f','description':'','parameters':{},'strict':true}}]",
                ",'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':'none','parallel_tool_calls':false",
                ",'tools':[{'type':'function','function':{'name':'f'}}],"
                        + "'tool_choice':{'type':'function','function':{'name':'f'}}",
            })
    void toolsThatAreWellFormed(String tools) {
        assertThat(violationIn("USER", tools)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'tools':[] | no list of tools
            'tools':null | no list of tools
            'tools':[{'type':'retrieval'}] | no function
            'tools':[{'type':'function','function':{}}] | names a function
            'tools':[TOOL,TOOL] | two of one name
            'tools':[{'type':'function','function':{'name':'f','description':null}}] | a description is no text
            'tools':[{'type':'function','function':{'name':'f','parameters':'{}'}}] | parameters are no object
            'tools':[{'type':'function','function':{'name':'f','strict':null}}] | strict is no boolean
            'tool_choice':'none' | tool_choice is given without tools
            'parallel_tool_calls':true | parallel_tool_calls is given without tools
            'tools':[TOOL],'tool_choice':'any' | tool_choice is not understood
            'tools':[TOOL],'tool_choice':{'type':'function','function':{'name':'g'}} | tool_choice is not understood
            'tools':[TOOL],'parallel_tool_calls':'no' | parallel_tool_calls is no boolean
            """)
    void toolsThatAreNot(String tools, String words) {
        var tool = "{'type':'function','function':{'name':'f'}}";

        assertThat(violationIn("USER", "," + tools.replace("TOOL", tool))).contains(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'presence_penalty':2,'frequency_penalty':-1.5,'verbosity':'low' | ``
            'presence_penalty':2.1 | presence_penalty is no number
            'frequency_penalty':'1' | frequency_penalty is no number
            'verbosity':'loud' | verbosity is not
            'verbosity':null | verbosity is not
            """)
    void optionsHaveBounds(String options, String words) {
        var violation = violationIn("USER", "," + options);

        assertThat(violation.isEmpty()).isEqualTo(words.isEmpty());
        assertThat(violation).contains(words);
    }

    /** Capitals stand for messages and calls; commas between messages may be left out. */
    private static String violationIn(String messages, String more) {
        var written = messages.replace("OUTPUT-B", OTHER_OUTPUT)
                .replace("OUTPUT", OUTPUT)
                .replace("CALLS", CALLS)
                .replace("OTHER", OTHER_CALL)
                .replace("CALL", CALL)
                .replace("USER", ASKS)
                .replaceAll("} +\\{", "},{")
                .replaceAll(",\\s*$", "");
        var body = "{\"messages\":[" + written + "]" + more + "}";
        return StrictRequest.violationIn(JSON.readTree(body.replace('\'', '"'))).orElse("");
    }
}
