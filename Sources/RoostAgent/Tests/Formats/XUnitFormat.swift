import RoostModel

/// The formats of xUnit.net 1 (by class), 2 and 3 (by collection).
///
/// ```xml
/// <assemblies><assembly name="a.dll"><collection name=""><test name="" type="" method="" time="0.1" result="Pass|Fail|Skip|NotRun">
///   <failure><message/><stack-trace/></failure> <reason/> <output/></test></collection></assembly></assemblies>
/// ```
struct XUnitFormat: TestFormat {
    private(set) var isKnown = false
    private var path: [String] = []
    private var assembly = ""
    private var test: ParsedTest?
    private var text = BoundedText(limit: TestFileReader.textLimit)

    mutating func take(_ event: XMLEvent) throws(TestFormatFault) -> ParsedTest? {
        switch event {
        case .begin(let name, let attributes):
            if path.isEmpty {
                guard name == "assemblies" || name == "assembly" else {
                    throw TestFormatFault("'<\(name)>' begins no xUnit results; '<assemblies>' or '<assembly>' does")
                }
                isKnown = true
            }
            if name == "assembly" {
                let file = attributes["name"] ?? ""
                assembly = file.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? file
            }
            path.append(name)
            if name == "test" { begin(attributes) }
            _ = text.take()
        case .text(let part): if test != nil { text.add(part) }
        case .end(let name):
            path.removeLast()
            return end(name)
        }
        return nil
    }

    private mutating func begin(_ attributes: [String: String]) {
        var made = ParsedTest()
        made.name =
            attributes["name"] ?? [attributes["type"], attributes["method"]].compactMap { $0 }.joined(separator: ".")
        made.title = made.name
        made.storage = assembly
        made.duration = TestDuration.seconds(attributes["time"])
        switch (attributes["result"] ?? "").lowercased() {
        case "pass": made.outcome = .passed
        case "fail": made.outcome = .failed
        case "skip", "notrun": made.outcome = .notExecuted
        default: made.outcome = .none
        }
        test = made
    }

    private mutating func end(_ name: String) -> ParsedTest? {
        switch (path.last, name) {
        case (_, "test"):
            defer { test = nil }
            return test
        case ("failure", "message"), ("reason", "message"): test?.message = text.take()
        case ("failure", "stack-trace"): test?.stack = text.take()
        case ("test", "reason"):
            let reason = text.take()
            if !reason.isEmpty { test?.message = reason }
        case ("test", "output"): test?.output = text.take()
        default: break
        }
        return nil
    }
}
