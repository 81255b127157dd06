public import RoostLanguage

/// Reads `build` blocks.
struct PackerBuildReader {
    private let scope: HCLScope
    /// Names that steps may use besides: what is known of a source and a build when they run.
    private let stepScope: HCLScope
    /// `type.name` of all sources of the template.
    let sources: [String]
    private(set) var diagnostics: [Diagnostic] = []

    init(scope: HCLScope, sources: [String]) {
        self.scope = scope
        stepScope = HCLScope(variables: ["source": .unknown(), "build": .unknown()], parent: scope)
        self.sources = sources
    }

    private static let schema = HCLBodySchema(
        attributes: [.init("name"), .init("description"), .init("sources")],
        blocks: [
            .init("source", labels: ["reference"]), .init("provisioner", labels: ["type"]),
            .init("error-cleanup-provisioner", labels: ["type"]), .init("post-processor", labels: ["type"]),
            .init("post-processors"), .init("hcp_packer_registry"),
        ]
    )

    private mutating func fail(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ subject: HCLRange,
        advice: String? = nil
    ) {
        diagnostics.append(.hcl("packer.\(code)", summary, detail, subject, advice: advice))
    }

    mutating func build(_ block: HCLBlock) -> PackerBuild {
        let (content, problems) = block.body.content(Self.schema)
        diagnostics += problems
        var build = PackerBuild(range: block.headerRange)
        build.name = text(content.attributes["name"])
        build.description = text(content.attributes["description"])
        build.sources = listed(content.attributes["sources"])
        for inner in content.blocks { read(inner, into: &build) }
        if build.sources.isEmpty {
            fail(
                "no-source",
                "Missing source reference",
                "A build needs at least one source to start.",
                block.headerRange,
                advice: "Write sources = [\"source.TYPE.NAME\"]."
            )
        }
        checkNames(build)
        return build
    }

    private mutating func read(_ block: HCLBlock, into build: inout PackerBuild) {
        switch block.type {
        case "source": if let use = used(block) { build.sources.append(use) }
        case "provisioner": build.provisioners.append(step(block, .provisioner))
        case "error-cleanup-provisioner":
            if let first = build.errorCleanup {
                return fail(
                    "duplicate",
                    "Only one error-cleanup-provisioner is allowed",
                    "There is one already at \(first.range).",
                    block.headerRange
                )
            }
            build.errorCleanup = step(block, .provisioner)
        case "post-processor": build.postProcessors.append([step(block, .postProcessor)])
        case "post-processors":
            let (content, problems) = block.body.content(
                HCLBodySchema(blocks: [.init("post-processor", labels: ["type"])])
            )
            diagnostics += problems
            var chain: [PackerStep] = []
            for inner in content.blocks { chain.append(step(inner, .postProcessor)) }
            build.postProcessors.append(chain)
        default: break
        }
    }

    // MARK: Sources

    private mutating func listed(_ attribute: HCLAttribute?) -> [PackerSourceUse] {
        guard let attribute, let value = value(attribute, .list(.string)), let elements = value.elements else {
            return []
        }
        return elements.compactMap { element in
            guard let text = element.text else { return nil }
            return reference(text, attribute.expression.range)
        }
    }

    /// Reads `source.TYPE.NAME` or `TYPE.NAME`.
    private mutating func reference(_ text: String, _ range: HCLRange) -> PackerSourceUse? {
        var parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 3, parts[0] == "source" { parts.removeFirst() }
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            fail(
                "source-reference",
                "Invalid source reference",
                "\"\(text)\" names no source; a source is named source.TYPE.NAME.",
                range
            )
            return nil
        }
        let name = parts.joined(separator: ".")
        guard sources.contains(name) else {
            let known =
                sources.isEmpty
                ? "The template has no sources." : "Known are \(sources.sorted().joined(separator: ", "))."
            fail(
                "unknown-source",
                "Unknown source \(name)",
                known,
                range,
                advice: suggestion(name, among: sources.sorted())
            )
            return nil
        }
        return PackerSourceUse(type: parts[0], rootName: parts[1], range: range)
    }

    private mutating func used(_ block: HCLBlock) -> PackerSourceUse? {
        guard var use = reference(block.labels[0], block.labelRanges[0]) else { return nil }
        let (content, rest, problems) = block.body.partialContent(HCLBodySchema(attributes: [.init("name")]))
        diagnostics += problems
        use.localName = text(content.attributes["name"])
        use.additions = rest
        return use
    }

    // MARK: Steps

    private enum Kind { case provisioner, postProcessor }

    private static let provisionerNames = [
        "name", "pause_before", "max_retries", "timeout", "continue_on_error", "only", "except", "override",
    ]
    private static let postProcessorNames = ["name", "only", "except", "keep_input_artifact"]

    private mutating func step(_ block: HCLBlock, _ kind: Kind) -> PackerStep {
        let names = kind == .provisioner ? Self.provisionerNames : Self.postProcessorNames
        let (content, rest, problems) = block.body.partialContent(HCLBodySchema(attributes: names.map { .init($0) }))
        diagnostics += problems
        let given = content.attributes
        var step = PackerStep(type: block.labels[0], body: rest, range: block.headerRange)
        step.name = text(given["name"])
        step.pauseBefore = duration(given["pause_before"])
        step.timeout = duration(given["timeout"])
        step.retries = stepValue(given["max_retries"], .number)?.numeral?.int ?? 0
        step.continuesOnError = stepValue(given["continue_on_error"], .bool)?.truth ?? false
        step.keepsInputArtifact = stepValue(given["keep_input_artifact"], .bool)?.truth
        step.only = texts(given["only"])
        step.except = texts(given["except"])
        step.overrideRange = given["override"]?.expression.range
        step.overrides = stepValue(given["override"], .dynamic)?.attributes ?? [:]
        if !step.only.isEmpty, let except = given["except"], !step.except.isEmpty {
            fail(
                "only-except",
                "Only one of only and except may be given",
                "Both say which sources the \(block.labels[0]) is for.",
                except.nameRange
            )
        }
        return step
    }

    /// Names that no source of the build has, nor of the template: a build may leave out what its steps speak of.
    private mutating func checkNames(_ build: PackerBuild) {
        let steps = build.provisioners + build.postProcessors.flatMap { $0 } + (build.errorCleanup.map { [$0] } ?? [])
        let own = build.sources.flatMap { [$0.reference, $0.name] }
        let known = Set(own + sources + sources.compactMap { $0.split(separator: ".").last.map(String.init) })
        for step in steps {
            for name in step.only + step.except where !known.contains(name) {
                warn(name, "in only or except", step, among: build.sources.map(\.reference))
            }
            for name in step.overrides.keys.sorted() where !known.contains(name) {
                warn(name, "to override settings for", step, among: build.sources.map(\.name))
            }
        }
    }

    private mutating func warn(_ name: String, _ purpose: String, _ step: PackerStep, among names: [String]) {
        diagnostics.append(
            .warning(
                "hcl.packer.unknown-name",
                "Unknown source \(name)",
                at: step.range.span,
                advice: suggestion(name, among: names),
                detail: "The template has no source of that name \(purpose), so that nothing comes of it."
            )
        )
    }

    // MARK: Values

    private mutating func value(_ attribute: HCLAttribute, _ type: HCLType, in given: HCLScope? = nil) -> HCLValue? {
        let (value, problems) = attribute.expression.value(in: given ?? scope)
        diagnostics += problems
        guard problems.isEmpty else { return nil }
        do { return try value.converted(to: type) } catch {
            fail(
                "type",
                "Incorrect attribute value type",
                "Inappropriate value for attribute \"\(attribute.name)\": \(error).",
                attribute.expression.range
            )
            return nil
        }
    }

    /// A value that may speak of the running build.
    private mutating func stepValue(_ attribute: HCLAttribute?, _ type: HCLType) -> HCLValue? {
        guard let attribute else { return nil }
        return value(attribute, type, in: stepScope)
    }

    private mutating func text(_ attribute: HCLAttribute?) -> String? {
        guard let attribute else { return nil }
        return value(attribute, .string)?.text
    }

    private mutating func texts(_ attribute: HCLAttribute?) -> [String] {
        stepValue(attribute, .list(.string))?.elements?.compactMap(\.text) ?? []
    }

    private mutating func duration(_ attribute: HCLAttribute?) -> Duration {
        guard let attribute, let text = text(attribute) else { return .zero }
        guard let duration = GoDuration(text), duration.nanoseconds >= 0 else {
            fail(
                "duration",
                "Invalid duration",
                "\"\(text)\" is no time; write it like 1m30s.",
                attribute.expression.range
            )
            return .zero
        }
        return .nanoseconds(duration.nanoseconds)
    }
}

extension PackerEvaluation {
    /// The builds of the template, with what is wrong in them.
    public func builds() -> (builds: [PackerBuild], diagnostics: [Diagnostic]) {
        let names = configuration.sources.map { $0.labels.joined(separator: ".") }
        var reader = PackerBuildReader(scope: scope, sources: names)
        var builds: [PackerBuild] = []
        for block in configuration.builds { builds.append(reader.build(block)) }
        return (builds, reader.diagnostics + duplicateSources())
    }

    private func duplicateSources() -> [Diagnostic] {
        var first: [[String]: HCLBlock] = [:]
        return configuration.sources.compactMap { block in
            guard let earlier = first[block.labels] else {
                first[block.labels] = block
                return nil
            }
            return .hcl(
                "packer.duplicate",
                "Duplicate source block",
                "The source \(block.labels.joined(separator: ".")) is defined already at \(earlier.headerRange).",
                block.headerRange
            )
        }
    }
}
