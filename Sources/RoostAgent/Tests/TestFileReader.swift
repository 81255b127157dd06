import RoostModel

/// Formats of files with test results.
enum TestResultsFormat: String, CaseIterable, Hashable, Sendable {
    case junit = "JUnit"
    case nunit = "NUnit"
    case xunit = "XUnit"
    case vstest = "VSTest"
    case ctest = "CTest"

    /// Reads a name in any letter case; nil when it is none.
    init?(name: String) {
        let wanted = name.lowercased()
        let found = wanted == "trx" ? .vstest : Self.allCases.first { $0.rawValue.lowercased() == wanted }
        guard let found else { return nil }
        self = found
    }

    static let names = allCases.map(\.rawValue).joined(separator: ", ")
}

/// Reads a file of test results, test by test.
struct TestFileReader {
    /// The longest text of a test that is kept.
    static let textLimit = 64 << 10

    private var reader: XMLReader
    private var format: any TestFormat

    /// - Throws: ``XMLFault``.
    init(path: String, format: TestResultsFormat) throws(XMLFault) {
        switch format {
        case .junit: self.format = JUnitFormat()
        case .nunit: self.format = NUnitFormat()
        case .xunit: self.format = XUnitFormat()
        case .vstest: self.format = TRXFormat(try TRXDefinitions(path: path))
        case .ctest: self.format = CTestFormat()
        }
        reader = try XMLReader(path: path)
    }

    /// The next test; nil when the file is over.
    ///
    /// - Throws: ``XMLFault`` with the place.
    mutating func next() throws(XMLFault) -> ParsedTest? {
        while true {
            let place = reader.place
            guard let event = try reader.next() else { return nil }
            do throws(TestFormatFault) {
                guard var test = try format.take(event) else { continue }
                guard !test.name.isEmpty else { throw TestFormatFault("a test has no name") }
                test.name = TestName.shown(test.name)
                test.title = TestName.shown(test.title.isEmpty ? test.name : test.title)
                test.storage = TestName.shown(test.storage)
                return test
            } catch {
                var fault = reader.fault(error.problem)
                (fault.line, fault.column) = place
                throw fault
            }
        }
    }
}
