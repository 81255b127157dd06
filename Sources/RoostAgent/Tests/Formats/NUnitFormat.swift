import RoostModel

/// The formats of NUnit 2 and 3.
///
/// ```xml
/// <test-run><test-suite type="Assembly" name="a.dll"><test-case fullname="" name="" result="Failed" duration="0.1">
///   <failure><message/><stack-trace/></failure> <reason><message/></reason> <output/>
///   <attachments><attachment><filePath/></attachment></attachments></test-case></test-suite></test-run>
/// <test-results name="a.dll"><test-suite><results><test-case name="" executed="True" success="True" result="Success" time="0.1"/>
/// ```
struct NUnitFormat: TestFormat {
    private(set) var isKnown = false
    private var path: [String] = []
    /// Assemblies around the present element, with how deep they are.
    private var assemblies: [(depth: Int, name: String)] = []
    private var test: ParsedTest?
    private var text = BoundedText(limit: TestFileReader.textLimit)

    mutating func take(_ event: XMLEvent) throws(TestFormatFault) -> ParsedTest? {
        switch event {
        case .begin(let name, let attributes):
            if path.isEmpty {
                guard ["test-run", "test-results", "test-suite"].contains(name) else {
                    throw TestFormatFault("'<\(name)>' begins no NUnit results; '<test-run>' or '<test-results>' does")
                }
                isKnown = true
            }
            path.append(name)
            begin(name, attributes)
        case .text(let part): if test != nil { text.add(part) }
        case .end(let name):
            path.removeLast()
            if assemblies.last?.depth == path.count { assemblies.removeLast() }
            return end(name)
        }
        return nil
    }

    private mutating func begin(_ name: String, _ attributes: [String: String]) {
        let isAssembly = name == "test-results" || (name == "test-suite" && attributes["type"] == "Assembly")
        if isAssembly, let file = attributes["name"] {
            let last = file.split { $0 == "/" || $0 == "\\" }.last
            assemblies.append((path.count - 1, last.map(String.init) ?? file))
        }
        if name == "test-case" {
            var made = ParsedTest()
            made.name = attributes["fullname"] ?? attributes["name"] ?? ""
            made.title = attributes["name"] ?? made.name
            made.storage = assemblies.last?.name ?? attributes["classname"] ?? ""
            made.duration = TestDuration.seconds(attributes["duration"] ?? attributes["time"])
            made.outcome = Self.outcome(attributes)
            test = made
        }
        _ = text.take()
    }

    private static func outcome(_ attributes: [String: String]) -> TestOutcome {
        switch (attributes["result"] ?? "").lowercased() {
        case "passed", "success": .passed
        case "failed", "failure", "error": .failed
        case "inconclusive": .inconclusive
        case "warning": .warning
        case "cancelled": .aborted
        case "notrunnable": .failed
        case "skipped", "ignored": .notExecuted
        default:
            attributes["executed"]?.lowercased() == "false"
                ? .notExecuted : attributes["success"]?.lowercased() == "true" ? .passed : .none
        }
    }

    private mutating func end(_ name: String) -> ParsedTest? {
        switch (path.last, name) {
        case (_, "test-case"):
            defer { test = nil }
            return test
        case ("failure", "message"), ("reason", "message"): test?.message = text.take()
        case ("failure", "stack-trace"): test?.stack = text.take()
        case ("test-case", "output"): test?.output = text.take()
        case ("attachment", "filePath"): test?.attachments.append(text.take())
        default: break
        }
        return nil
    }
}
