import Foundation
import RoostLanguage

/// Spreads the builds of a template of HCL2 over their sources.
struct PackerPlanner {
    private let input: ImageTemplateInput
    private let evaluation: PackerEvaluation
    private let catalog: ComponentCatalog
    /// What Go's templates in texts may speak of; they come after HCL's.
    private var texts: TextTemplateContext
    private(set) var diagnostics: [Diagnostic] = []
    /// `type.name` of sources that a build uses.
    private var used: Set<String> = []
    /// What the targets so far have reported, by what is wrong and where.
    private var reported: Set<ReportedProblem> = []

    init(_ input: ImageTemplateInput, _ evaluation: PackerEvaluation) {
        self.input = input
        self.evaluation = evaluation
        var catalog = ComponentCatalog.standard
        catalog.declaredPlugins = Set(evaluation.requirements.plugins.map(\.name))
        self.catalog = catalog
        texts = TextTemplateContext(
            now: input.now,
            templateFolder: URL(filePath: input.folder, relativeTo: URL(filePath: input.workingFolder)).path,
            workingFolder: input.workingFolder
        )
    }

    mutating func plan(_ builds: [PackerBuild]) -> ImagePlan {
        var plan = ImagePlan(language: .packerHCL)
        plan.description = builds.compactMap(\.description).first
        plan.variables = variables
        plan.locals = evaluation.locals.sorted { $0.key < $1.key }.map { ImageVariable(name: $0.key, value: $0.value) }
        let filter = filter(builds)
        for build in builds {
            for source in build.sources {
                used.insert("\(source.type).\(source.rootName)")
                let before = diagnostics.count
                if let target = target(source, of: build, filter) { plan.targets.append(target) }
                leaveOutKnown(since: before)
            }
        }
        checkNames(plan.targets)
        checkBuildData()
        checkUnused()
        if builds.isEmpty, !evaluation.configuration.isOnlyDeclarations { reportMissingBuild() }
        return plan
    }

    private var variables: [ImageVariable] {
        evaluation.configuration.variables.values.sorted { $0.name < $1.name }.map { variable in
            ImageVariable(
                name: variable.name,
                description: variable.description,
                defaultValue: variable.defaultValue,
                value: evaluation.variables[variable.name]?.value,
                isSensitive: variable.isSensitive
            )
        }
    }

    /// A problem of a step is a problem of each of its targets; it is told once, in the words of the first.
    private mutating func leaveOutKnown(since first: Int) {
        let new = diagnostics[first...].filter { !reported.contains(ReportedProblem($0)) }
        diagnostics.replaceSubrange(first..., with: new)
        reported.formUnion(new.map(ReportedProblem.init))
    }

    // MARK: Choosing

    private mutating func filter(_ builds: [PackerBuild]) -> PackerTargetFilter {
        do {
            let filter = try PackerTargetFilter(only: input.only, except: input.except)
            let targets = builds.flatMap { build in build.sources.map(build.targetName) }
            let steps = builds.flatMap { $0.postProcessors.flatMap { $0 } }.map { $0.name ?? $0.type }
            diagnostics += filter.problems(targets: targets, postProcessors: steps)
            return filter
        } catch {
            diagnostics.append(error)
            return PackerTargetFilter()
        }
    }

    // MARK: Targets

    private mutating func target(
        _ use: PackerSourceUse,
        of build: PackerBuild,
        _ filter: PackerTargetFilter
    ) -> ImageTarget? {
        let name = build.targetName(use)
        let isWanted = filter.includes(name)
        guard let root = evaluation.configuration.source(use) else { return nil }
        let body = use.additions.map { HCLBody.merged([root.body, $0]) } ?? root.body
        let known: [String: HCLValue] = [
            "source": .object(["name": .string(use.name), "type": .string(use.type)]), "build": .unknown(),
        ]
        let scope = HCLScope(variables: known, parent: evaluation.scope)
        texts.buildName = use.name
        texts.buildType = use.type
        var target = ImageTarget(name: name, type: use.type, sourceName: use.name, range: use.range)
        let component = ComponentName(.builder, use.type, range: root.labelRanges[0])
        target.settings = settings(body, of: component, in: evaluation.scope)
        target.provisioners = build.provisioners.filter { $0.applies(to: use) }.map {
            step($0, .provisioner, for: use, in: scope)
        }
        target.errorCleanup = build.errorCleanup.map { step($0, .provisioner, for: use, in: scope) }
        target.postProcessors = build.postProcessors.compactMap { chain in
            let kept = chain.filter { $0.applies(to: use) }.prefix { filter.includes($0) }
            let steps = kept.map { step($0, .postProcessor, for: use, in: scope) }
            return steps.isEmpty ? nil : steps
        }
        return isWanted ? target : nil
    }

    private mutating func step(
        _ step: PackerStep,
        _ kind: ComponentKind,
        for use: PackerSourceUse,
        in scope: HCLScope
    ) -> ImageStep {
        let component = ComponentName(kind, step.type, range: step.range)
        return ImageStep(
            type: step.type,
            name: step.name,
            pauseBefore: step.pauseBefore,
            timeout: step.timeout,
            retries: step.retries,
            continuesOnError: step.continuesOnError,
            keepsInputArtifact: step.keepsInputArtifact,
            settings: settings(step.body, of: component, in: scope, override: override(step, for: use)),
            range: step.range
        )
    }

    private mutating func override(_ step: PackerStep, for use: PackerSourceUse) -> ImageSettings? {
        guard let value = step.override(for: use) else { return nil }
        if let settings = SettingValue(value, range: step.overrideRange).settings { return settings }
        diagnostics.append(
            .hcl(
                "packer.override",
                "Invalid override",
                "What is overridden for \(use.name) is said by an object of settings.",
                step.overrideRange ?? step.range
            )
        )
        return nil
    }

    private mutating func settings(
        _ body: HCLBody,
        of component: ComponentName,
        in scope: HCLScope,
        override: ImageSettings? = nil
    ) -> ImageSettings {
        var reader = HCLSettingsReader(scope: scope)
        var settings = reader.settings(body, catalog.schema(of: component))
        diagnostics += reader.diagnostics
        if let override { settings = settings.overridden(by: override) }
        let (settled, faults) = texts.settled(settings, of: component)
        let (checked, problems) = catalog.checked(settled, of: component, in: .packerHCL)
        diagnostics += faults + problems
        return checked
    }

    // MARK: The whole

    private mutating func checkNames(_ targets: [ImageTarget]) {
        var first: [String: ImageTarget] = [:]
        for target in targets {
            guard let earlier = first[target.name], let range = target.range, let place = earlier.range else {
                first[target.name] = target
                continue
            }
            diagnostics.append(
                .warning(
                    "hcl.packer.same-name",
                    "Two targets are called \(target.name)",
                    at: range.span,
                    advice: "Give one of them another name: source \"source.\(target.type).NAME\" { name = … }.",
                    detail: "The other one is at \(place)."
                )
            )
        }
    }

    /// What every running build tells of itself; builders may tell more.
    private static let buildData = [
        "name", "ID", "Host", "Port", "User", "Password", "ConnType", "PackerRunUUID", "PackerHTTPIP",
        "PackerHTTPPort", "PackerHTTPAddr", "SSHPublicKey", "SSHPrivateKey", "WinRMPassword", "SourceImageName",
    ]

    /// Names of what a build tells that are almost, but not quite, those that exist.
    private mutating func checkBuildData() {
        for reference in evaluation.configuration.builds.flatMap({ $0.body.expressions }).flatMap(\.variables) {
            guard reference.name == "build", case .attribute(let name)? = reference.steps.first?.form,
                !Self.buildData.contains(name), let near = suggestion(name, among: Self.buildData)
            else { continue }
            diagnostics.append(
                .hcl(
                    "no-attribute",
                    "Unsupported attribute",
                    "A running build tells no \"\(name)\".",
                    reference.range,
                    advice: near
                )
            )
        }
    }

    /// Sources that no build uses can be wrong too; only what is missing may still be added.
    private mutating func checkUnused() {
        for block in evaluation.configuration.sources where !used.contains(block.labels.joined(separator: ".")) {
            let component = ComponentName(.builder, block.labels[0], range: block.labelRanges[0])
            var reader = HCLSettingsReader(scope: evaluation.scope)
            let settings = reader.settings(block.body, catalog.schema(of: component))
            let problems = catalog.checked(settings, of: component, in: .packerHCL).diagnostics
            diagnostics += reader.diagnostics + problems.filter { $0.code.hasPrefix("component.unknown-") }
        }
    }

    mutating func withdrawMissingBuild() { diagnostics.removeAll { $0.code == "hcl.packer.no-build" } }

    private mutating func reportMissingBuild() {
        diagnostics.append(
            .error(
                "hcl.packer.no-build",
                "Missing build block",
                at: evaluation.configuration.sources.first?.headerRange.span,
                advice: "Write build { sources = [\"source.TYPE.NAME\"] }.",
                detail: "Nothing is made: a template needs at least one build."
            )
        )
    }
}

private struct ReportedProblem: Hashable {
    let code: String
    let span: SourceSpan?

    init(_ diagnostic: Diagnostic) { (code, span) = (diagnostic.code, diagnostic.span) }
}

extension PackerConfiguration {
    /// The source that a build uses.
    func source(_ use: PackerSourceUse) -> HCLBlock? { sources.first { $0.labels == [use.type, use.rootName] } }

    /// Whether it is a part of a template, such as a file with its variables only.
    var isOnlyDeclarations: Bool { sources.isEmpty && !(variables.isEmpty && locals.isEmpty && settings.isEmpty) }
}
