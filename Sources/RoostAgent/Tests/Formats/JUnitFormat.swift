import RoostModel

/// JUnit's format with what Ant, Surefire, pytest, Google Test and CTest made of it.
///
/// ```xml
/// <testsuites><testsuite name=""><testcase classname="" name="" time="0.1">
///   <failure message="" type="">stack</failure> | <error/> | <skipped message=""/>
///   <rerunFailure/> <flakyFailure/> <system-out/> <system-err/>
/// </testcase></testsuite></testsuites>
/// ```
struct JUnitFormat: TestFormat {
    private(set) var isKnown = false
    private var path: [String] = []
    private var suites: [String] = []
    private var test: ParsedTest?
    private var isSkipped = false
    private var text = BoundedText(limit: TestFileReader.textLimit)
    private var attributes: [String: String] = [:]
    /// Tries before the last: of a test that passed at last, or those after a failure.
    private var reruns: [ParsedTest.Try] = []
    private var isFlaky = false
    private var tryStack: String?

    private static let tries: Set = ["rerunFailure", "rerunError", "flakyFailure", "flakyError"]

    mutating func take(_ event: XMLEvent) throws(TestFormatFault) -> ParsedTest? {
        switch event {
        case .begin(let name, let attributes):
            if path.isEmpty {
                guard name == "testsuites" || name == "testsuite" else {
                    throw TestFormatFault("'<\(name)>' begins no JUnit results; '<testsuites>' or '<testsuite>' does")
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
        case "testsuite": suites.append(attributes["name"] ?? "")
        case "testcase": beginTest(attributes)
        default:
            guard test != nil else { return }
            if Self.tries.contains(name) || ["failure", "error", "skipped"].contains(name) {
                self.attributes = attributes
                tryStack = nil
            }
            _ = text.take()
        }
    }

    private mutating func beginTest(_ attributes: [String: String]) {
        let title = attributes["name"] ?? ""
        let owner = attributes["classname"].flatMap { $0.isEmpty ? nil : $0 } ?? suites.last ?? ""
        var test = ParsedTest()
        test.title = title
        test.name = owner.isEmpty || title.isEmpty || owner == title ? title : "\(owner).\(title)"
        test.storage = owner
        test.duration = TestDuration.seconds(attributes["time"] ?? attributes["duration"])
        test.outcome = .passed
        let status = (attributes["result"] ?? attributes["status"] ?? "").lowercased()
        if ["notrun", "disabled", "skipped", "suppressed"].contains(status) { test.outcome = .notExecuted }
        if status == "fail" || status == "failed" { test.outcome = .failed }
        self.test = test
        (reruns, isFlaky) = ([], false)
        _ = text.take()
    }

    private mutating func end(_ name: String) -> ParsedTest? {
        switch name {
        case "testsuite": _ = suites.popLast()
        case "testcase": return finish()
        case "failure", "error": fail()
        case "skipped":
            test?.outcome = .notExecuted
            test?.message = attributes["message"] ?? text.take()
        case "system-out" where path.last == "testcase": test?.output += text.take()
        case "system-err" where path.last == "testcase": test?.errors += text.take()
        case "stackTrace": tryStack = text.take()
        case let name where Self.tries.contains(name):
            isFlaky = isFlaky || name.hasPrefix("flaky")
            let stack = tryStack ?? text.take()
            reruns.append(ParsedTest.Try(outcome: .failed, message: attributes["message"] ?? "", stack: stack))
        default: break
        }
        if path.last == "testcase" { _ = text.take() }
        return nil
    }

    private mutating func fail() {
        guard path.last == "testcase" else { return }
        let stack = text.take()
        let type = attributes["type"] ?? ""
        let message = attributes["message"] ?? ""
        let known = message.isEmpty ? String(stack.prefix { !$0.isNewline }) : message
        if test?.outcome != .failed || test?.message.isEmpty ?? true {
            test?.message = known.isEmpty ? type : known
            test?.stack = stack
        } else {
            // A test can fail by itself and again when it is cleaned up.
            test?.stack += "\n\(known)\n\(stack)"
        }
        test?.outcome = .failed
    }

    private mutating func finish() -> ParsedTest? {
        guard var done = test else { return nil }
        test = nil
        if !reruns.isEmpty {
            let own = ParsedTest.Try(outcome: done.outcome, message: done.message, stack: done.stack)
            // Flaky tries came before the one that passed; reruns come after the first failure.
            done.tries = isFlaky ? reruns + [own] : [own] + reruns
            if isFlaky, done.message.isEmpty { (done.message, done.stack) = (reruns[0].message, reruns[0].stack) }
        }
        done.attachments = Self.attachments(in: done.output)
        return done
    }

    /// Lines such as `[[ATTACHMENT|/path/to/file]]`, as Jenkins and Playwright have them.
    private static func attachments(in output: String) -> [String] {
        output.split(whereSeparator: \.isNewline).compactMap { line in
            let line = String(line).trimmingWhitespace
            guard line.hasPrefix("[[ATTACHMENT|"), line.hasSuffix("]]") else { return nil }
            return String(line.dropFirst("[[ATTACHMENT|".count).dropLast(2))
        }
    }
}
