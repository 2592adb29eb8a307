import com.adobe.epubcheck.api.EPUBLocation;
import com.adobe.epubcheck.api.EpubCheck;
import com.adobe.epubcheck.api.MasterReport;
import com.adobe.epubcheck.messages.Message;
import com.adobe.epubcheck.messages.Severity;
import com.adobe.epubcheck.util.FeatureEnum;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * EPUBCheck on many books in one virtual machine: file names come in on standard input, one a
 * line; for each, lines of "severity TAB id TAB place TAB message" and at last "done TAB name" go
 * out. Usage and information messages are left out.
 */
public class EpubCheckAll {
	/** Keeps fatal, error and warning messages. */
	static class Findings extends MasterReport {
		final List<String> lines = new ArrayList<>();

		@Override
		public void message(Message message, EPUBLocation location, Object... args) {
			Severity severity = message.getSeverity();
			if (severity == Severity.FATAL || severity == Severity.ERROR || severity == Severity.WARNING)
				lines.add(severity + "\t" + message.getID() + "\t" + location.getPath() + ":"
						+ location.getLine() + ":" + location.getColumn() + "\t"
						+ message.getMessage(args).replaceAll("\\s+", " "));
		}

		@Override
		public void info(String resource, FeatureEnum feature, String value) {
		}

		@Override
		public int generate() {
			return 0;
		}

		@Override
		public void initialize() {
		}
	}

	public static void main(String[] args) throws Exception {
		BufferedReader names = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		String name;
		while ((name = names.readLine()) != null) {
			Findings findings = new Findings();
			try {
				new EpubCheck(new File(name), findings).doValidate();
			} catch (Exception e) {
				findings.lines.add("FATAL\tEXCEPTION\t-\t" + e);
			}
			for (String line : findings.lines)
				System.out.println(line);
			System.out.println("done\t" + name);
		}
	}
}
