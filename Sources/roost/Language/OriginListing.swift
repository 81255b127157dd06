import RoostLanguage
import RoostPipeline

/// The lines of an expanded pipeline, each behind the place it came from.
struct OriginListing {
    private let lines: [(origin: String, text: String)]

    init(_ lines: [ExpandedLine], _ names: FileNames) {
        self.lines = lines.map { line in
            (line.origin.map { "\(names.shown($0.file)):\($0.line)" } ?? "", line.text)
        }
    }

    /// `templates/build.yml:12 │ - script: make`, one line each.
    func render(_ terminal: Terminal) -> String {
        let width = lines.map(\.origin.count).max() ?? 0
        return lines.map { line in
            let gap = String(repeating: " ", count: width - line.origin.count)
            let gutter = terminal.styled("\(line.origin)\(gap) │", .dim)
            return line.text.isEmpty ? gutter : "\(gutter) \(line.text)"
        }.joined(separator: "\n")
    }
}

/// What `roost expand --output json` prints.
struct ExpandedJSON: Encodable {
    struct Line: Encodable {
        var text: String
        var file: String?
        var line: Int?
        var column: Int?
        /// The references that led to the file, the nearest first, as `file:line:column`.
        var includedFrom: [String]?
    }

    struct File: Encodable {
        var path: String
        var repository: String
    }

    /// Grows when a field changes its meaning.
    var version = 1
    var yaml: String
    var files: [File]
    var lines: [Line]?

    init(_ expanded: ExpandedPipeline, _ compiled: CompiledPipeline, _ names: FileNames, withLines: Bool) {
        yaml = expanded.yaml
        files = compiled.files.map { File(path: $0.path, repository: $0.repository) }
        guard withLines else { return }
        lines = expanded.lines.map { line in
            let chain = line.includedFrom.map { "\(names.shown($0.file)):\($0.start.line):\($0.start.column)" }
            return Line(
                text: line.text,
                file: line.origin.map { names.shown($0.file) },
                line: line.origin?.line,
                column: line.origin?.column,
                includedFrom: chain.isEmpty ? nil : chain
            )
        }
    }
}
