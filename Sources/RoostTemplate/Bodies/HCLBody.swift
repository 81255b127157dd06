public import RoostLanguage

/// Arguments and blocks, of either syntax, of one file or of several.
public struct HCLBody: Sendable {
    indirect enum Form: Sendable {
        case syntax(HCLSyntaxBody)
        case json(HCLJSONBody)
        case merged([HCLBody])
        case expanding(HCLBody, HCLDynamicExpansion)
    }

    let form: Form
    /// What was taken out of it already.
    let taken: HCLTakenNames

    init(_ form: Form, taken: HCLTakenNames = HCLTakenNames()) {
        self.form = form
        self.taken = taken
    }

    init(_ body: HCLSyntaxBody) { self.init(.syntax(body)) }

    /// One body of several files, in which every argument may be set once.
    public static func merged(_ bodies: [HCLBody]) -> HCLBody { HCLBody(.merged(bodies)) }

    /// Where something that is missing would be added.
    public var missingRange: HCLRange? {
        switch form {
        case .syntax(let body): body.range.start
        case .json(let body): body.missingRange
        case .merged(let bodies): bodies.first?.missingRange
        case .expanding(let body, _): body.missingRange
        }
    }

    /// What the schema asks for; everything else is a problem.
    public func content(_ schema: HCLBodySchema) -> (content: HCLBodyContent, diagnostics: [Diagnostic]) {
        var (content, rest, diagnostics) = partialContent(schema)
        diagnostics += rest.unexpected(besides: schema)
        content.blocks.sort {
            $0.typeRange.source === $1.typeRange.source && $0.typeRange.bytes.lowerBound < $1.typeRange.bytes.lowerBound
        }
        return (content, diagnostics)
    }

    /// What the schema asks for, and a body of what is left.
    public func partialContent(
        _ schema: HCLBodySchema
    ) -> (content: HCLBodyContent, rest: HCLBody, diagnostics: [Diagnostic]) {
        let names = taken.adding(schema)
        switch form {
        case .syntax(let body):
            let (content, diagnostics) = body.content(schema, without: taken)
            return (content, HCLBody(form, taken: names), diagnostics)
        case .json(let body):
            let (content, diagnostics) = body.content(schema, without: taken)
            return (content, HCLBody(form, taken: names), diagnostics)
        case .merged(let bodies): return Self.mergedContent(bodies, schema)
        case .expanding(let body, let expansion): return expansion.content(of: body, schema)
        }
    }

    /// All arguments, of a body that has no blocks.
    public func attributes() -> (attributes: [HCLAttribute], diagnostics: [Diagnostic]) {
        switch form {
        case .syntax(let body): return body.allAttributes(without: taken)
        case .json(let body): return body.allAttributes(without: taken)
        case .expanding(let body, let expansion):
            let (attributes, diagnostics) = body.attributes()
            return (attributes.map(expansion.bound), diagnostics)
        case .merged(let bodies):
            var content = HCLBodyContent(missingRange: Self.nowhere)
            var diagnostics: [Diagnostic] = []
            for body in bodies {
                let (attributes, problems) = body.attributes()
                diagnostics += problems
                diagnostics += content.add(attributes)
            }
            return (content.attributes.values.sorted { $0.nameRange.isBefore($1.nameRange) }, diagnostics)
        }
    }

    static var nowhere: HCLRange { HCLRange(SourceText(name: "", text: ""), 0..<0) }

    /// Reports what is left in it.
    func unexpected(besides schema: HCLBodySchema) -> [Diagnostic] {
        switch form {
        case .syntax(let body): body.unexpected(besides: schema, without: taken)
        case .json(let body): body.unexpected(besides: schema, without: taken)
        case .merged(let bodies): bodies.flatMap { $0.unexpected(besides: schema) }
        case .expanding(let body, _): body.unexpected(besides: schema)
        }
    }

    private static func mergedContent(
        _ bodies: [HCLBody],
        _ schema: HCLBodySchema
    ) -> (content: HCLBodyContent, rest: HCLBody, diagnostics: [Diagnostic]) {
        // Whether something is missing can be said only when all bodies were looked at.
        let optional = HCLBodySchema(attributes: schema.attributes.map { .init($0.name) }, blocks: schema.blocks)
        var content = HCLBodyContent(missingRange: bodies.first?.missingRange ?? nowhere)
        var (rests, diagnostics): ([HCLBody], [Diagnostic]) = ([], [])
        for body in bodies {
            let (part, rest, problems) = body.partialContent(optional)
            diagnostics += problems
            diagnostics += content.add(part.attributes.values.sorted { $0.nameRange.isBefore($1.nameRange) })
            content.blocks += part.blocks
            rests.append(rest)
        }
        diagnostics += content.missing(schema)
        return (content, HCLBody(.merged(rests)), diagnostics)
    }
}

extension HCLRange {
    func isBefore(_ other: HCLRange) -> Bool {
        (source.name, bytes.lowerBound) < (other.source.name, other.bytes.lowerBound)
    }
}

extension HCLBodyContent {
    /// Adds arguments; one that is set already is a problem.
    mutating func add(_ attributes: [HCLAttribute]) -> [Diagnostic] {
        attributes.compactMap { attribute in
            guard let first = self.attributes[attribute.name] else {
                self.attributes[attribute.name] = attribute
                return nil
            }
            return .hcl(
                "duplicate",
                "Duplicate argument",
                "The argument \"\(attribute.name)\" is set already at \(first.nameRange).",
                attribute.nameRange
            )
        }
    }

    /// Reports arguments that have to be there and are not.
    func missing(_ schema: HCLBodySchema) -> [Diagnostic] {
        schema.attributes.filter { $0.isRequired && attributes[$0.name] == nil }.map { attribute in
            .hcl(
                "missing-argument",
                "Missing required argument",
                "The argument \"\(attribute.name)\" is required, but no definition was found.",
                missingRange
            )
        }
    }
}
