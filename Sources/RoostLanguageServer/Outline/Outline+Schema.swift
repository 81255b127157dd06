import RoostPipeline

extension Outline {
    /// What may stand as the content of an entry, as far as the schema says; empty where it says nothing.
    func values(of entry: Int, _ schema: PipelineSchema = .current) -> [SchemaValue] {
        let node = entries[entry]
        switch node.kind {
        case .root: return [.mapping("root")]
        case .word: return values(of: node.parent, schema)
        case .item: return itemValues(entry, schema)
        case .pair:
            if isExpression(entry) { return values(of: node.parent, schema) }
            return pairValues(entry, schema)
        }
    }

    private func itemValues(_ entry: Int, _ schema: PipelineSchema) -> [SchemaValue] {
        let parent = entries[entry].parent
        // A list below a branch belongs to the list that the branch is an item of.
        if isExpression(parent), entries[entries[parent].parent].kind == .item {
            return values(of: entries[parent].parent, schema)
        }
        return values(of: parent, schema).flatMap { value -> [SchemaValue] in
            switch value {
            case .list(let id): schema.members(id).map { .mapping($0.id) }
            case .texts: [.text]
            case .names(let reference): [.name(reference)]
            case .anything: [.anything]
            default: []
            }
        }
    }

    private func pairValues(_ entry: Int, _ schema: PipelineSchema) -> [SchemaValue] {
        guard let key = entries[entry].key?.text else { return [] }
        let parent = entries[entry].parent
        var result: [SchemaValue] = []
        for value in values(of: parent, schema) {
            switch value {
            case .mapping(let id):
                guard let mapping = schema.mappings[id], fits(mapping, parent) else { continue }
                if mapping.keys.isEmpty { result.append(id == "templateParameters" ? .anything : .text) }
                result += mapping.key(key)?.values ?? []
            case .named(let id): result += [.mapping(id), .text]
            case .textMapping: result.append(.text)
            case .anything: result.append(.anything)
            default: break
            }
        }
        return result.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Whether a mapping may be the one that is written in an entry: its first key is there, or no other's is.
    private func fits(_ mapping: SchemaMapping, _ entry: Int) -> Bool {
        guard let first = mapping.firstKey else { return true }
        let keys = containerPairs(entry).compactMap { entries[$0].key?.text }
        if keys.contains(first.name) { return true }
        return !keys.contains { key in Self.firstKeys.contains(key) && mapping.key(key) == nil }
    }

    private static let firstKeys = Set(PipelineSchema.current.mappings.values.compactMap { $0.firstKey?.name })

    /// The pairs of the mapping that an entry's pairs belong to, which branches of expressions may divide.
    func containerPairs(_ entry: Int) -> [Int] {
        var container = entry
        while isExpression(container), entries[container].kind == .pair { container = entries[container].parent }
        return pairs(container)
    }

    /// The mappings of the schema that the pairs of an entry may belong to, the one whose first key is written alone.
    func mappings(in entry: Int, _ schema: PipelineSchema = .current) -> [SchemaMapping] {
        let candidates = values(of: entry, schema).compactMap { value -> SchemaMapping? in
            guard case .mapping(let id) = value else { return nil }
            return schema.mappings[id]
        }
        let keys = containerPairs(entry).compactMap { entries[$0].key?.text }
        let named = candidates.filter { mapping in mapping.firstKey.map { keys.contains($0.name) } ?? false }
        return named.isEmpty ? candidates : Array(named.prefix(1))
    }

    /// The mapping a pair is written in, and its key there.
    func schemaKey(_ pair: Int, _ schema: PipelineSchema = .current) -> (mapping: SchemaMapping, key: SchemaKey)? {
        guard let name = entries[pair].key?.text else { return nil }
        for mapping in mappings(in: entries[pair].parent, schema) {
            if let key = mapping.key(name) { return (mapping, key) }
        }
        return nil
    }

    /// The reference of the task step that an entry is inside of, when it is in the step's inputs.
    func task(ofInputsAt entry: Int) -> Piece? {
        guard let inputs = inputs(around: entry) else { return nil }
        return containerPairs(entries[inputs].parent).first { entries[$0].key?.text == "task" }.flatMap {
            entries[$0].value
        }
    }

    /// The `inputs` pair whose mapping an entry, a pair or a word, stands in.
    func inputs(around entry: Int) -> Int? { container("inputs", around: entry) }

    /// The pair with a key whose mapping an entry stands in, through branches of expressions.
    func container(_ key: String, around entry: Int) -> Int? {
        var parent = entries[entry].parent
        while isExpression(parent) { parent = entries[parent].parent }
        return entries[parent].key?.text == key ? parent : nil
    }

    /// The name of the template whose parameters an entry stands in.
    func template(ofParametersAt entry: Int) -> Piece? {
        guard let parameters = container("parameters", around: entry), entries[parameters].parent != 0 else {
            return nil
        }
        return containerPairs(entries[parameters].parent).first { entries[$0].key?.text == "template" }
            .flatMap { entries[$0].value }
    }
}
