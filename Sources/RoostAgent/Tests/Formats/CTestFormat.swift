import RoostModel

/// The format of CTest's dashboards (`Test.xml`).
///
/// ```xml
/// <Site><Testing><Test Status="passed|failed|notrun"><Name/><FullName/><Results>
///   <NamedMeasurement type="numeric/double" name="Execution Time"><Value>0.1</Value></NamedMeasurement>
///   <Measurement><Value>output</Value></Measurement></Results></Test></Testing></Site>
/// ```
struct CTestFormat: TestFormat {
    private(set) var isKnown = false
    private var path: [String] = []
    private var test: ParsedTest?
    private var measurement = ""
    private var isPacked = false
    private var values: [String: String] = [:]
    private var text = BoundedText(limit: TestFileReader.textLimit)

    mutating func take(_ event: XMLEvent) throws(TestFormatFault) -> ParsedTest? {
        switch event {
        case .begin(let name, let attributes):
            if path.isEmpty {
                guard name == "Site" else {
                    throw TestFormatFault("'<\(name)>' begins no CTest results; '<Site>' does")
                }
                isKnown = true
            }
            path.append(name)
            begin(name, attributes)
        case .text(let part): if test != nil { text.add(part) }
        case .end(let name):
            path.removeLast()
            return end(name)
        }
        return nil
    }

    private mutating func begin(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "Test":
            // Entries of the list in front have no status and are no results.
            guard let status = attributes["Status"]?.lowercased() else { break }
            var made = ParsedTest()
            made.outcome = status == "passed" ? .passed : status == "failed" ? .failed : .notExecuted
            test = made
            values = [:]
        case "NamedMeasurement": measurement = attributes["name"] ?? ""
        case "Measurement": measurement = ""
        case "Value": isPacked = attributes["compression"] != nil
        default: break
        }
        _ = text.take()
    }

    private mutating func end(_ name: String) -> ParsedTest? {
        switch (path.last, name) {
        case ("Testing", "Test"): return finish()
        case ("Test", "Name"): test?.title = text.take()
        case ("Test", "FullName"): test?.name = text.take()
        case ("Test", "Path"): test?.storage = text.take()
        case ("NamedMeasurement", "Value"): values[measurement] = text.take()
        case ("Measurement", "Value"):
            let output = text.take()
            test?.output = isPacked ? "The output is compressed; let CTest write it with --no-compress-output." : output
        default: break
        }
        return nil
    }

    private mutating func finish() -> ParsedTest? {
        guard var done = test else { return nil }
        test = nil
        // The name that a person gave is the title; the full name is the command's path.
        done.name = done.title.isEmpty ? done.name : done.title
        done.duration = TestDuration.seconds(values["Execution Time"])
        let status = values["Completion Status"] ?? ""
        let exit = values["Exit Code"] ?? ""
        if status == "Timeout" || exit == "Timeout" { done.outcome = .timeout }
        if done.outcome.isFailure {
            let value = values["Exit Value"].map { " (\($0))" } ?? ""
            let more = status == "Completed" || status == exit ? "" : status
            done.message = [exit + value, more].filter { !$0.isEmpty }.joined(separator: ": ")
            done.stack = done.output
        } else if done.outcome == .notExecuted {
            done.message = status
        }
        return done
    }
}
