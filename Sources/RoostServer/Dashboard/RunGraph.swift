import FoundationEssentials
import RoostModel

/// A run's stages as boxes with their jobs, laid out by dependency, drawn as SVG.
struct RunGraph {
    struct Node {
        var name: String
        var title: String
        var state: String
        var time: String
        var dependsOn: [String]
        var jobs: [Item]
    }

    struct Item {
        var id: String
        var title: String
        var state: String
        var time: String
    }

    private static let width = 250.0
    private static let gap = 56.0
    private static let rowHeight = 24.0
    private static let headHeight = 32.0

    /// How many stages must end before each one: its column.
    static func columns(_ nodes: [Node]) -> [String: Int] {
        var columns: [String: Int] = [:]
        var left = nodes
        // Each round places what depends only on placed stages; a cycle, which the compiler refuses, would end it.
        while !left.isEmpty {
            let known = Set(nodes.map(\.name))
            let ready = left.filter { $0.dependsOn.allSatisfy { columns[$0] != nil || !known.contains($0) } }
            guard !ready.isEmpty else { break }
            for node in ready { columns[node.name] = (node.dependsOn.compactMap { columns[$0] }.max() ?? -1) + 1 }
            left.removeAll { columns[$0.name] != nil }
        }
        return columns
    }

    static func svg(_ nodes: [Node]) -> String {
        let columns = columns(nodes)
        var places: [String: (x: Double, y: Double, height: Double)] = [:]
        var bottoms: [Int: Double] = [:]
        for node in nodes {
            let column = columns[node.name] ?? 0
            let height = headHeight + Double(node.jobs.count) * rowHeight + 8
            let y = bottoms[column] ?? 2
            places[node.name] = (2 + Double(column) * (width + gap), y, height)
            bottoms[column] = y + height + 18
        }
        let right = (places.values.map(\.x).max() ?? 0) + width + 4
        let bottom = max((bottoms.values.max() ?? 20) - 14, 20)
        var out =
            "<svg width=\"\(right)\" height=\"\(bottom)\" viewBox=\"0 0 \(right) \(bottom)\" xmlns=\"http://www.w3.org/2000/svg\">"
        for node in nodes { for other in node.dependsOn { out += link(places[other], places[node.name]) } }
        for node in nodes { if let place = places[node.name] { out += box(node, place) } }
        return out + "</svg>"
    }

    private static func link(
        _ from: (x: Double, y: Double, height: Double)?,
        _ to: (x: Double, y: Double, height: Double)?
    )
        -> String
    {
        guard let from, let to else { return "" }
        let (x1, y1, x2, y2) = (from.x + width, from.y + headHeight / 2, to.x, to.y + headHeight / 2)
        let middle = (x1 + x2) / 2
        return "<path class=\"link\" d=\"M\(x1) \(y1)C\(middle) \(y1) \(middle) \(y2) \(x2) \(y2)\"/>"
    }

    private static func box(_ node: Node, _ place: (x: Double, y: Double, height: Double)) -> String {
        var out =
            "<rect class=\"box\" x=\"\(place.x)\" y=\"\(place.y)\" width=\"\(width)\" height=\"\(place.height)\" rx=\"7\"/>"
        out += row(node.title, node.state, node.time, place.x, place.y + headHeight / 2 + 4, isTitle: true)
        for (index, job) in node.jobs.enumerated() {
            let y = place.y + headHeight + Double(index) * rowHeight + 14
            out +=
                "<a href=\"#job-\(escape(job.id))\">\(row(job.title, job.state, job.time, place.x + 10, y, isTitle: false))</a>"
        }
        return out
    }

    private static func row(
        _ title: String,
        _ state: String,
        _ time: String,
        _ x: Double,
        _ y: Double,
        isTitle: Bool
    ) -> String {
        let end = (isTitle ? x + width : x + width - 10) - 12
        let room = max(6, Int((end - x - 30) / 7.2) - time.count)
        let short = title.count > room ? title.prefix(room - 1) + "…" : title[...]
        return """
            <circle class="dot \(escape(state))" cx="\(x + 14)" cy="\(y - 4)" r="5"/>\
            <text x="\(x + 26)" y="\(y)"\(isTitle ? " class=\"title\"" : "")>\(escape(String(short)))<title>\(escape(title))</title></text>\
            <text class="time" x="\(end)" y="\(y)" text-anchor="end">\(escape(time))</text>
            """
    }

    private static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing(
            "\"",
            with: "&quot;"
        )
    }
}
