/// Reads the table form of the schema.
///
/// ```
/// group step = script bash task
/// mapping stage | A stage | Jobs that make up a part of a run.
/// - stage text first :: The name by which others refer to it.
/// - dependsOn name:stage/names:stage :: Stages to wait for.
/// ```
///
/// A key has a name, its values separated by `/`, marks (`first`, `required`, `deprecated`), and after `::` its documentation. A line
/// `+ other` takes over the keys of the mapping `other`, which stands before it.
enum SchemaTableReader {
    static func read(_ table: String) -> PipelineSchema {
        var mappings: [String: SchemaMapping] = [:]
        var groups: [String: SchemaGroup] = [:]
        var open: (id: String, noun: String, documentation: String, keys: [SchemaKey])?
        func close() {
            guard let mapping = open else { return }
            mappings[mapping.id] = SchemaMapping(
                id: mapping.id,
                noun: mapping.noun,
                documentation: mapping.documentation,
                keys: mapping.keys
            )
            open = nil
        }
        for line in table.split(separator: "\n") {
            if line.hasPrefix("- ") {
                if let key = key(line.dropFirst(2)) { open?.keys.append(key) }
            } else if line.hasPrefix("+ ") {
                open?.keys += mappings[String(line.dropFirst(2))]?.keys ?? []
            } else if line.hasPrefix("mapping ") {
                close()
                let parts = line.dropFirst(8).split(separator: "|", maxSplits: 2).map { String($0).trimmingBlanks() }
                if parts.count == 3 { open = (parts[0], parts[1], parts[2], []) }
            } else if line.hasPrefix("group ") {
                let words = line.dropFirst(6).split(separator: " ").map(String.init)
                if words.count > 2 { groups[words[0]] = SchemaGroup(id: words[0], members: Array(words.dropFirst(2))) }
            }
        }
        close()
        return PipelineSchema(mappings: mappings, groups: groups)
    }

    private static func key(_ line: Substring) -> SchemaKey? {
        guard let (head, documentation) = line.parted(at: " :: ") else { return nil }
        let words = head.split(separator: " ")
        guard words.count >= 2 else { return nil }
        return SchemaKey(
            name: String(words[0]),
            values: words[1].split(separator: "/").compactMap(value),
            isFirst: words.contains("first"),
            isRequired: words.contains("required") || words.contains("first"),
            isDeprecated: words.contains("deprecated"),
            documentation: documentation
        )
    }

    private static func value(_ text: Substring) -> SchemaValue? {
        let parts = text.split(separator: ":", maxSplits: 1)
        let rest = parts.count > 1 ? String(parts[1]) : ""
        switch parts[0] {
        case "text": return .text
        case "bool": return .boolean
        case "number": return .number
        case "words": return .words(rest.split(separator: "|").map(String.init))
        case "condition": return .condition
        case "texts": return .texts
        case "textmap": return .textMapping
        case "any": return .anything
        case "map": return .mapping(rest)
        case "list": return .list(of: rest)
        case "named": return .named(rest)
        case "name": return SchemaValue.Reference(rawValue: rest).map { .name($0) }
        case "names": return SchemaValue.Reference(rawValue: rest).map { .names($0) }
        default: return nil
        }
    }
}

extension Substring {
    /// What stands before and after the first occurrence of a separator.
    func parted(at separator: String) -> (before: Substring, after: String)? {
        guard let range = firstRange(of: separator) else { return nil }
        return (self[..<range.lowerBound], String(self[range.upperBound...]))
    }

    private func firstRange(of other: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            let rest = self[start...]
            if rest.hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
            start = index(after: start)
        }
        return nil
    }
}
