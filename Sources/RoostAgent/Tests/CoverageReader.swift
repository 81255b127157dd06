/// Reads Cobertura's and JaCoCo's XML.
///
/// ```xml
/// <coverage lines-covered="" lines-valid=""><packages><package><classes><class filename="">
///   <lines><line number="1" hits="2" branch="true" condition-coverage="50% (1/2)"/></lines></class>...
/// <report><package name="a/b"><sourcefile name="C.java"><line nr="3" mi="0" ci="2" mb="1" cb="1"/></sourcefile></package>
///   <counter type="LINE" missed="1" covered="2"/></report>
/// ```
struct CoverageReader {
    private var reader: XMLReader
    /// What stands in front of paths and says nothing.
    private let prefix: String
    private var path: [String] = []
    private var package = ""
    private var file = ""
    private var hasLines = false
    private var counters: [String: (covered: Int, total: Int)] = [:]

    /// - Throws: ``XMLFault``.
    init(path: String, sources: String?) throws(XMLFault) {
        reader = try XMLReader(path: path)
        prefix = sources.map { $0.withoutSlashAtEnd + "/" } ?? ""
    }

    /// Adds the whole file.
    ///
    /// - Throws: ``XMLFault`` with the place.
    mutating func read(into tally: inout CoverageTally) throws(XMLFault) {
        while let event = try reader.next() {
            switch event {
            case .begin(let name, let attributes):
                if path.isEmpty, name != "coverage", name != "report" {
                    throw reader.fault(
                        "'<\(name)>' begins no coverage of Cobertura ('<coverage>') or JaCoCo ('<report>')"
                    )
                }
                path.append(name)
                guard begin(name, attributes, &tally) else { throw reader.fault("it has too many lines") }
            case .end: path.removeLast()
            case .text: break
            }
        }
        guard !hasLines else { return }
        let (lines, branches) = (counters["LINE"] ?? (0, 0), counters["BRANCH"] ?? (0, 0))
        tally.addTotals(
            covered: lines.covered,
            lines: lines.total,
            coveredBranches: branches.covered,
            branches: branches.total
        )
    }

    private mutating func begin(_ name: String, _ attributes: [String: String], _ tally: inout CoverageTally) -> Bool {
        let number: (String) -> Int = { max(0, attributes[$0].flatMap(Int.init) ?? 0) }
        switch name {
        case "coverage":
            counters["LINE"] = (number("lines-covered"), number("lines-valid"))
            counters["BRANCH"] = (number("branches-covered"), number("branches-valid"))
        case "package": package = attributes["name"] ?? ""
        case "class": file = shortened(attributes["filename"] ?? "")
        case "sourcefile": file = "\(package)/\(attributes["name"] ?? "")"
        case "counter" where path.count == 2:
            let covered = number("covered")
            counters[attributes["type"] ?? ""] = (
                covered, covered.addingReportingOverflow(number("missed")).partialValue
            )
        case "line" where path.dropLast().last == "sourcefile":
            hasLines = true
            return tally.add(
                number("nr"),
                of: file,
                isCovered: number("ci") > 0,
                branches: number("mb") &+ number("cb"),
                coveredBranches: number("cb")
            )
        // Lines of methods are those of the class once more.
        case "line" where path.suffix(3).dropLast() == ["class", "lines"]:
            hasLines = true
            let (covered, all) = Self.conditions(attributes)
            return tally.add(
                number("number"),
                of: file,
                isCovered: number("hits") > 0,
                branches: all,
                coveredBranches: covered
            )
        default: break
        }
        return true
    }

    private func shortened(_ path: String) -> String {
        !prefix.isEmpty && path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    /// `50% (1/2)`.
    private static func conditions(_ attributes: [String: String]) -> (covered: Int, all: Int) {
        guard attributes["branch"]?.lowercased() == "true", let text = attributes["condition-coverage"],
            let open = text.firstIndex(of: "("), let close = text[open...].firstIndex(of: ")")
        else { return (0, 0) }
        let parts = text[text.index(after: open)..<close].split(separator: "/").compactMap { Int($0) }
        return parts.count == 2 && parts[0] >= 0 && parts[1] >= parts[0] ? (parts[0], parts[1]) : (0, 0)
    }
}
