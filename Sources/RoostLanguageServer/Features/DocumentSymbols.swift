import RoostPipeline

/// What a file holds, as a tree: stages, their jobs, their steps; parameters and variables.
struct DocumentSymbols {
    /// A named part of a file.
    struct Symbol: Hashable, Sendable {
        /// As the protocol numbers them.
        enum Kind: Int, Hashable, Sendable {
            case module = 2, namespace = 3, method = 6, function = 12, variable = 13, constant = 14
        }

        var name: String
        var detail: String?
        var kind: Kind
        var extent: Range<Int>
        var selection: Range<Int>
        var children: [Symbol]
    }

    private let file: EditorSnapshot.File
    private var outline: Outline { file.outline }

    init(_ file: EditorSnapshot.File) {
        self.file = file
    }

    var symbols: [Symbol] {
        let parameters = file.facts.parameters.map { parameter in
            Symbol(
                name: parameter.name,
                detail: parameter.summary,
                kind: .constant,
                extent: parameter.range,
                selection: parameter.range,
                children: []
            )
        }
        let variables = file.facts.variables.filter { $0.scope == 0 }.map { variable in
            Symbol(
                name: variable.name,
                detail: variable.detail,
                kind: .variable,
                extent: variable.extent,
                selection: variable.range,
                children: []
            )
        }
        return (parameters + variables + body(of: 0)).sorted { $0.extent.lowerBound < $1.extent.lowerBound }
    }

    /// Stages, jobs or steps of a mapping, in the order of the file.
    private func body(of entry: Int) -> [Symbol] {
        outline.pairs(entry).flatMap { pair -> [Symbol] in
            switch outline.entries[pair].key?.text {
            case "stages": outline.items(pair).compactMap { item($0, ["stage", "template"], .namespace) }
            case "jobs": outline.items(pair).compactMap { item($0, ["job", "deployment", "template"], .module) }
            case "steps": outline.items(pair).compactMap { item($0, Self.stepKeys, .method) }
            case "strategy", "runOnce", "rolling", "canary", "preDeploy", "deploy", "routeTraffic", "postRouteTraffic",
                "on", "success", "failure":
                body(of: pair)
            default: []
            }
        }
    }

    private static let stepKeys = (PipelineSchema.current.groups["step"]?.members ?? []).compactMap {
        PipelineSchema.current.mappings[$0]?.firstKey?.name
    }

    private func item(_ entry: Int, _ keys: [String], _ kind: Symbol.Kind) -> Symbol? {
        guard let pair = outline.pairs(entry).first(where: { keys.contains(outline.entries[$0].key?.text ?? "") }),
            let key = outline.entries[pair].key
        else { return nil }
        let value = outline.entries[pair].value
        let title = outline.text("displayName", in: entry)?.text
        let first = value.map { firstLine($0) } ?? ""
        let isStep = kind == .method
        return Symbol(
            name: isStep
                ? title ?? (first.isEmpty ? key.text : "\(key.text): \(first)") : first.isEmpty ? key.text : first,
            detail: isStep ? (title == nil ? nil : key.text) : title,
            kind: key.text == "template" ? .function : kind,
            extent: outline.entries[entry].range,
            selection: value.flatMap { $0.style == .block ? nil : $0.range } ?? key.range,
            children: body(of: entry)
        )
    }

    /// The first line with something in it, cut where it is long.
    private func firstLine(_ piece: Outline.Piece) -> String {
        let lines = piece.text.split { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
        let line = piece.style == .block ? lines.dropFirst().first : lines.first
        let text = (line ?? "").drop { $0 == " " }
        return text.count > 60 ? String(text.prefix(60)) + "…" : String(text)
    }

    /// As the protocol has them: a tree, or a list for clients that show none.
    func json(_ snapshot: EditorSnapshot) -> JSONValue {
        guard snapshot.client.hasHierarchicalSymbols else {
            var flat: [JSONValue] = []
            for symbol in symbols { flatten(symbol, in: nil, snapshot, into: &flat) }
            return .array(flat)
        }
        return .array(symbols.map { json($0, snapshot) })
    }

    private func json(_ symbol: Symbol, _ snapshot: EditorSnapshot) -> JSONValue {
        var object: [String: JSONValue] = [
            "name": .string(symbol.name), "kind": .number(Double(symbol.kind.rawValue)),
            "range": file.lines.range(symbol.extent, snapshot.encoding).json,
            "selectionRange": file.lines.range(symbol.selection, snapshot.encoding).json,
            "children": .array(symbol.children.map { json($0, snapshot) }),
        ]
        if let detail = symbol.detail { object["detail"] = .string(detail) }
        return .object(object)
    }

    private func flatten(
        _ symbol: Symbol,
        in container: String?,
        _ snapshot: EditorSnapshot,
        into list: inout [JSONValue]
    ) {
        var object: [String: JSONValue] = [
            "name": .string(symbol.name), "kind": .number(Double(symbol.kind.rawValue)),
            "location": snapshot.location(symbol.extent, in: file).json,
        ]
        if let container { object["containerName"] = .string(container) }
        list.append(.object(object))
        for child in symbol.children { flatten(child, in: symbol.name, snapshot, into: &list) }
    }
}
