import RoostModel

/// The format of Visual Studio's test runner.
///
/// ```xml
/// <TestRun><Results><UnitTestResult testId="" testName="" duration="00:00:00.01" outcome="Failed">
///   <Output><StdOut/><StdErr/><ErrorInfo><Message/><StackTrace/></ErrorInfo></Output>
///   <ResultFiles><ResultFile path=""/></ResultFiles> <InnerResults><UnitTestResult/></InnerResults></UnitTestResult></Results>
///   <TestDefinitions><UnitTest id="" storage=""><TestMethod className="" name=""/></UnitTest></TestDefinitions></TestRun>
/// ```
///
/// Classes stand behind the results, so they are read in a pass of their own (``TRXDefinitions``).
struct TRXFormat: TestFormat {
    private(set) var isKnown = false
    private let definitions: TRXDefinitions
    private var path: [String] = []
    /// Results around the present element: one of several rows of data has those of the rows inside.
    private var open: [(test: ParsedTest, hasInner: Bool)] = []
    private var text = BoundedText(limit: TestFileReader.textLimit)

    private static let results: Set = ["UnitTestResult", "GenericTestResult", "WebTestResult", "TestResult"]

    init(_ definitions: TRXDefinitions) { self.definitions = definitions }

    mutating func take(_ event: XMLEvent) throws(TestFormatFault) -> ParsedTest? {
        switch event {
        case .begin(let name, let attributes):
            if path.isEmpty {
                guard name == "TestRun" else {
                    throw TestFormatFault("'<\(name)>' begins no results of VSTest; '<TestRun>' does")
                }
                isKnown = true
            }
            path.append(name)
            begin(name, attributes)
        case .text(let part): if !open.isEmpty { text.add(part) }
        case .end(let name):
            path.removeLast()
            return end(name)
        }
        return nil
    }

    private mutating func begin(_ name: String, _ attributes: [String: String]) {
        if Self.results.contains(name) {
            if !open.isEmpty { open[open.count - 1].hasInner = true }
            var made = ParsedTest()
            let known = definitions.classes[attributes["testId"]?.lowercased() ?? ""]
            made.title = attributes["testName"] ?? known?.method ?? ""
            made.name = known.map { Self.fullName($0.owner, made.title) } ?? made.title
            made.storage = known?.storage ?? ""
            made.duration = TestDuration.span(attributes["duration"])
            made.outcome = Self.outcome(attributes["outcome"])
            open.append((made, false))
        }
        if name == "ResultFile", let path = attributes["path"], !open.isEmpty {
            open[open.count - 1].test.attachments.append(path)
        }
        _ = text.take()
    }

    /// Some adapters write the class into the name, some do not.
    private static func fullName(_ owner: String, _ title: String) -> String {
        owner.isEmpty || title.hasPrefix("\(owner).") ? title : "\(owner).\(title)"
    }

    private static func outcome(_ text: String?) -> TestOutcome {
        switch (text ?? "").lowercased() {
        case "passed", "completed": .passed
        // An outcome that is not written is the first of the list, which is an error.
        case "", "failed", "error", "notrunnable", "passedbutrunaborted": .failed
        case "timeout": .timeout
        case "aborted", "disconnected": .aborted
        case "inconclusive": .inconclusive
        case "warning": .warning
        case "notexecuted", "pending", "inprogress": .notExecuted
        default: .none
        }
    }

    private mutating func end(_ name: String) -> ParsedTest? {
        guard !open.isEmpty else { return nil }
        let last = open.count - 1
        switch (path.last, name) {
        case (_, let name) where Self.results.contains(name):
            let (test, hasInner) = open.removeLast()
            return hasInner ? nil : test
        case ("ErrorInfo", "Message"): open[last].test.message = text.take()
        case ("ErrorInfo", "StackTrace"): open[last].test.stack = text.take()
        case ("Output", "StdOut"): open[last].test.output = text.take()
        case ("Output", "StdErr"): open[last].test.errors = text.take()
        default: break
        }
        return nil
    }
}

/// Classes and assemblies of the tests of a file, by the id of the test.
struct TRXDefinitions {
    struct Definition {
        var owner: String
        var method: String
        var storage: String
    }

    private(set) var classes: [String: Definition] = [:]
    private var id = ""
    private var storage = ""

    init() {}

    /// - Throws: ``XMLFault``.
    init(path: String) throws(XMLFault) {
        var reader = try XMLReader(path: path)
        while let event = try reader.next() {
            guard case .begin(let name, let attributes) = event else { continue }
            if name == "UnitTest" {
                id = attributes["id"]?.lowercased() ?? ""
                let file = attributes["storage"] ?? ""
                storage = file.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? file
            }
            guard name == "TestMethod", !id.isEmpty else { continue }
            // The class may be written with its assembly behind a comma.
            let owner = (attributes["className"] ?? "").prefix { $0 != "," }
            classes[id] = Definition(owner: String(owner), method: attributes["name"] ?? "", storage: storage)
        }
    }
}
