import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import software.amazon.event.ruler.Machine;

/** Reads one {"pattern", "events"} per line; prints "refused", or 1 (matches) and 0 for each event. */
public class Oracle {
  public static void main(String[] args) throws Exception {
    ObjectMapper json = new ObjectMapper();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode question = json.readTree(line);
      out.println(verdict(question.get("pattern").toString(), question.get("events")));
    }
    out.flush();
  }

  private static String verdict(String pattern, JsonNode events) throws Exception {
    Machine machine = Machine.builder().withOverridesForDuplicateRules(false).build();
    try {
      machine.addRule("rule", pattern);
    } catch (Exception refused) {
      return "refused";
    }
    StringBuilder answers = new StringBuilder();
    for (JsonNode event : events) answers.append(machine.rulesForJSONEvent(event.toString()).isEmpty() ? '0' : '1');
    return answers.toString();
  }
}
