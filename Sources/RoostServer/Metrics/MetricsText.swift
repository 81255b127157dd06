import RoostModel

/// Text in Prometheus' exposition format, version 0.0.4.
struct MetricsText {
    private(set) var text = ""

    /// Begins a family of series.
    mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    mutating func sample(_ name: String, _ value: Int, _ labels: [(String, String)] = []) {
        line(name, labels, String(value))
    }

    mutating func sample(_ name: String, _ value: Double, _ labels: [(String, String)] = []) {
        line(name, labels, value.isFinite ? "\(value)" : "NaN")
    }

    /// A histogram from counts of its buckets, the last of which has no upper bound.
    mutating func histogram(_ name: String, _ labels: [(String, String)], bounds: [Double], counts: [Int], sum: Double)
    {
        var total = 0
        for (bound, count) in zip(bounds, counts) {
            total += count
            sample("\(name)_bucket", total, labels + [("le", "\(bound)")])
        }
        total += counts.last ?? 0
        sample("\(name)_bucket", total, labels + [("le", "+Inf")])
        sample("\(name)_sum", sum, labels)
        sample("\(name)_count", total, labels)
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: String) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0)=\"\(Self.escape($1))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    private static func escape(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
