public import RoostLanguage

/// Decodes a body by a specification; all problems are collected.
struct HCLDecoder {
    let scope: HCLScope
    var diagnostics: [Diagnostic] = []

    mutating func decode(_ body: HCLBody, _ spec: HCLDecodingSpec) -> HCLValue {
        let (content, problems) = body.content(spec.schema)
        diagnostics += problems
        return value(of: spec, content)
    }

    private mutating func fail(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ subject: HCLRange,
        context: HCLRange? = nil
    ) {
        diagnostics.append(.hcl("decode.\(code)", summary, detail, subject, context: context))
    }

    private mutating func value(of spec: HCLDecodingSpec, _ content: HCLBodyContent) -> HCLValue {
        switch spec {
        case .object(let parts):
            var attributes: [String: HCLValue] = [:]
            for (name, part) in parts.sorted(by: { $0.key < $1.key }) { attributes[name] = value(of: part, content) }
            return .object(attributes)
        case .array(let parts):
            var elements: [HCLValue] = []
            for part in parts { elements.append(value(of: part, content)) }
            return .tuple(elements)
        case .attribute(let name, let type, _): return attribute(content.attributes[name], type)
        case .block(let type, let inner, let isRequired):
            guard let block = only(type, content, isRequired: isRequired) else { return .null(inner.type) }
            return decode(block.body, inner)
        case .blockList(let type, let inner, let count): return collected(type, inner, count, content, isSet: false)
        case .blockSet(let type, let inner, let count): return collected(type, inner, count, content, isSet: true)
        case .blockMap(let type, let names, let inner): return map(type, names, inner, content)
        case .blockAttributes(let type, let element, let isRequired):
            return attributes(type, element, isRequired, content)
        case .literal(let value): return value
        case .fallback(let first, let second):
            let value = value(of: first, content)
            return value.isNull ? self.value(of: second, content) : value
        case .transform(let inner, let expression, let outer):
            let nested = value(of: inner, content)
            let (value, problems) = expression.value(in: HCLScope(variables: ["nested": nested], parent: outer))
            diagnostics += problems
            return value
        }
    }

    // MARK: Arguments

    private mutating func attribute(_ attribute: HCLAttribute?, _ type: HCLType) -> HCLValue {
        guard let attribute else { return .null(type.withoutOptional) }
        let (value, problems) = attribute.expression.value(in: scope)
        diagnostics += problems
        guard problems.isEmpty else { return .unknown(type.withoutOptional) }
        do { return try value.converted(to: type) } catch {
            fail(
                "type",
                "Incorrect attribute value type",
                "Inappropriate value for attribute \"\(attribute.name)\": \(error).",
                attribute.expression.range,
                context: attribute.range
            )
            return .unknown(type.withoutOptional)
        }
    }

    private mutating func attributes(
        _ type: String,
        _ element: HCLType,
        _ isRequired: Bool,
        _ content: HCLBodyContent
    ) -> HCLValue {
        guard let block = only(type, content, isRequired: isRequired) else { return .null(.map(element)) }
        let (found, problems) = block.body.attributes()
        diagnostics += problems
        var values: [String: HCLValue] = [:]
        for attribute in found { values[attribute.name] = self.attribute(attribute, element) }
        do { return try HCLValue.object(values).converted(to: .map(element)) } catch {
            fail(
                "type",
                "Inconsistent argument types",
                "The arguments of this block cannot be of one type: \(error).",
                block.typeRange
            )
            return .unknown(.map(element))
        }
    }

    // MARK: Blocks

    private mutating func only(_ type: String, _ content: HCLBodyContent, isRequired: Bool) -> HCLBlock? {
        let blocks = content.blocks.filter { $0.type == type }
        if blocks.isEmpty, isRequired {
            fail(
                "missing-block",
                "Missing \(type) block",
                "A block of type \"\(type)\" is required here.",
                content.missingRange
            )
        }
        if blocks.count > 1 {
            fail(
                "duplicate-block",
                "Duplicate \(type) block",
                "Only one block of type \"\(type)\" is allowed. Previous definition was at \(blocks[0].headerRange).",
                blocks[1].headerRange
            )
        }
        return blocks.first
    }

    private mutating func collected(
        _ type: String,
        _ inner: HCLDecodingSpec,
        _ count: HCLBlockCount,
        _ content: HCLBodyContent,
        isSet: Bool
    ) -> HCLValue {
        let blocks = content.blocks.filter { $0.type == type }
        if blocks.count < count.minimum {
            fail(
                "few-blocks",
                "Insufficient \(type) blocks",
                "At least \(count.minimum) \"\(type)\" blocks are required.",
                content.missingRange
            )
        } else if count.maximum > 0, blocks.count > count.maximum {
            fail(
                "many-blocks",
                "Too many \(type) blocks",
                "No more than \(count.maximum) \"\(type)\" blocks are allowed.",
                blocks[count.maximum].headerRange
            )
        }
        var values: [HCLValue] = []
        for block in blocks { values.append(decode(block.body, inner)) }
        let wanted: HCLType = isSet ? .set(inner.type) : .list(inner.type)
        guard !values.isEmpty else { return isSet ? .set([], of: inner.type) : .list([], of: inner.type) }
        guard let common = HCLType.unified(values.map(\.type)) else {
            fail(
                "types",
                "Unconsistent argument types",
                "All \"\(type)\" blocks have to give their arguments the same types.",
                blocks[0].headerRange
            )
            return .unknown(wanted)
        }
        let elements = values.map { (try? $0.converted(to: common)) ?? $0 }
        return isSet ? .set(elements, of: common) : .list(elements, of: common)
    }

    private mutating func map(
        _ type: String,
        _ names: [String],
        _ inner: HCLDecodingSpec,
        _ content: HCLBodyContent
    ) -> HCLValue {
        let blocks = content.blocks.filter { $0.type == type }
        var first: [[String]: HCLBlock] = [:]
        var entries: [(labels: ArraySlice<String>, value: HCLValue)] = []
        for block in blocks {
            let value = decode(block.body, inner)
            if let earlier = first[block.labels] {
                fail(
                    "duplicate-block",
                    "Duplicate \(type) block",
                    "A block of type \"\(type)\" with these labels was already defined at \(earlier.headerRange).",
                    block.headerRange
                )
                continue
            }
            first[block.labels] = block
            entries.append((block.labels[...], value))
        }
        let empty = names.dropFirst().reduce(inner.type) { type, _ in HCLType.map(type) }
        return grouped(entries, names.count, empty)
    }

    private func grouped(
        _ entries: [(labels: ArraySlice<String>, value: HCLValue)],
        _ depth: Int,
        _ empty: HCLType
    ) -> HCLValue {
        if depth == 0 { return entries.first?.value ?? .null() }
        let groups = Dictionary(grouping: entries) { $0.labels.first ?? "" }
        let values = groups.mapValues { entries in
            grouped(entries.map { ($0.labels.dropFirst(), $0.value) }, depth - 1, empty.elementType ?? empty)
        }
        guard !values.isEmpty, let common = HCLType.unified(values.values.map(\.type)) else {
            return .map([:], of: empty)
        }
        return .map(values.mapValues { (try? $0.converted(to: common)) ?? $0 }, of: common)
    }
}

extension HCLBody {
    /// Decodes the body by a specification.
    public func decode(_ spec: HCLDecodingSpec, in scope: HCLScope) -> (value: HCLValue, diagnostics: [Diagnostic]) {
        var decoder = HCLDecoder(scope: scope)
        let value = decoder.decode(self, spec)
        return (value, decoder.diagnostics)
    }
}
