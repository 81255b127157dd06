import RoostModel

/// What `roost audit verify --output json` prints.
struct AuditReportJSON: Encodable {
    struct Problem: Encodable {
        var kind: String
        var number: Int?
        var last: Int?
        var line: Int?
        var reason: String
    }

    var whole: Bool
    var records: Int
    var count: Int
    var head: String
    var problems: [Problem]

    init(_ report: AuditReport) {
        whole = report.isWhole
        records = report.records
        count = report.head.count
        head = report.head.hash
        problems = report.problems.map {
            Problem(kind: $0.kind.rawValue, number: $0.number, last: $0.last, line: $0.line, reason: $0.reason)
        }
    }
}
