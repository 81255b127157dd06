import RoostLanguage

/// Spreads the steps of a template of JSON over its builders.
struct PackerJSONPlanner {
    private let syntax: PackerJSONSyntax
    private let input: ImageTemplateInput
    private let context: TextTemplateContext
    private let catalog = ComponentCatalog.standard
    private(set) var diagnostics: [Diagnostic] = []

    init(_ syntax: PackerJSONSyntax, _ input: ImageTemplateInput, _ context: TextTemplateContext) {
        self.syntax = syntax
        self.input = input
        self.context = context
    }

    mutating func targets() -> [ImageTarget] {
        let names = syntax.builders.map { name(of: $0) }
        checkNames(names)
        checkStepNames(names)
        let filter = PackerJSONFilter(input, builds: names, postProcessors: syntax.postProcessors.flatMap { $0 })
        diagnostics += filter.diagnostics
        var targets: [ImageTarget] = []
        for (builder, name) in zip(syntax.builders, names) {
            let target = target(builder, name, filter)
            if filter.includes(name) { targets.append(target) }
        }
        checkUnused(names)
        return targets
    }

    /// Steps that no builder has can be wrong too.
    private mutating func checkUnused(_ names: [String]) {
        let all = zip(syntax.builders, names).map { [$1, $0.rawName] }
        for step in syntax.provisioners where !all.contains(where: step.applies) { checkUnused(step, .provisioner) }
        for step in syntax.postProcessors.flatMap({ $0 }) where !all.contains(where: step.applies) {
            checkUnused(step, .postProcessor)
        }
    }

    private mutating func checkUnused(_ step: PackerJSONSyntax.Step, _ kind: ComponentKind) {
        var context = context
        (context.buildName, context.buildType) = ("", "")
        _ = self.step(step, kind, [], context.functions(for: ComponentName(kind, "")))
    }

    // MARK: Names

    /// The name with everything put in; one that cannot be known stays as it is written.
    private mutating func name(of builder: PackerJSONSyntax.Builder) -> String {
        guard let name = builder.name else { return builder.type.text }
        let component = ComponentName(.builder, builder.type.text, range: builder.type.range)
        let (value, problems) = context.settled(SettingValue(.text(name.text), range: name.range), of: component)
        diagnostics += problems
        return value.text ?? name.text
    }

    private mutating func checkNames(_ names: [String]) {
        var first: [String: HCLRange] = [:]
        for (builder, name) in zip(syntax.builders, names) {
            let range = builder.name?.range ?? builder.type.range
            guard let earlier = first[name] else {
                first[name] = range
                continue
            }
            diagnostics.append(
                .error(
                    "packer-json.duplicate-name",
                    "Two builders are called \"\(name)\"",
                    at: range.span,
                    advice: "Give one of them another \"name\".",
                    detail: "The other one is at \(earlier)."
                )
            )
        }
    }

    /// Names of builds that steps speak of.
    private mutating func checkStepNames(_ names: [String]) {
        let known = Set(names + syntax.builders.map(\.rawName))
        let steps =
            syntax.provisioners + syntax.postProcessors.flatMap { $0 } + [syntax.errorCleanup].compactMap(\.self)
        for step in steps {
            for name in step.only { checkName(name, "only", known) }
            for name in step.except { checkName(name, "except", known) }
            for override in step.overrides { checkName(override.build, "override", known) }
        }
    }

    private mutating func checkName(_ name: PackerJSONSyntax.Text, _ key: String, _ known: Set<String>) {
        guard !known.contains(name.text) else { return }
        diagnostics.append(
            .error(
                "packer-json.unknown-build",
                "No builder is called \"\(name.text)\"",
                at: name.range.span,
                advice: suggestion(name.text, among: known.sorted()),
                detail: "\"\(key)\" names builders; there are \(known.sorted().joined(separator: ", "))."
            )
        )
    }

    // MARK: Targets

    private mutating func target(
        _ builder: PackerJSONSyntax.Builder,
        _ name: String,
        _ filter: PackerJSONFilter
    ) -> ImageTarget {
        var context = context
        (context.buildName, context.buildType) = (name, builder.type.text)
        let component = ComponentName(.builder, builder.type.text, range: builder.type.range)
        var target = ImageTarget(name: name, type: builder.type.text, range: builder.range)
        target.settings = checked(
            ImageSettings(builder.settings, in: builder.range),
            component,
            context.functions(for: component)
        )
        let names = [name, builder.rawName]
        // Text templates have the same functions in all provisioners, and in all post-processors.
        let ofProvisioners = context.functions(for: ComponentName(.provisioner, ""))
        target.provisioners = syntax.provisioners.filter { $0.applies(to: names) }.map {
            step($0, .provisioner, names, ofProvisioners)
        }
        target.errorCleanup = syntax.errorCleanup.map { step($0, .provisioner, names, ofProvisioners) }
        let ofPostProcessors = context.functions(for: ComponentName(.postProcessor, ""))
        target.postProcessors = syntax.postProcessors.compactMap { chain in
            let kept = chain.filter { $0.applies(to: names) }.prefix { filter.includes($0) }
            let steps = kept.map { step($0, .postProcessor, names, ofPostProcessors) }
            return steps.isEmpty ? nil : steps
        }
        return target
    }

    private mutating func step(
        _ step: PackerJSONSyntax.Step,
        _ kind: ComponentKind,
        _ names: [String],
        _ functions: [String: TextTemplateFunction]
    ) -> ImageStep {
        var settings = ImageSettings(step.settings, in: step.range)
        for override in step.overrides where names.contains(override.build.text) {
            settings = settings.overridden(by: ImageSettings(override.settings, in: override.range))
        }
        let component = ComponentName(kind, step.type.text, range: step.type.range)
        return ImageStep(
            type: step.type.text,
            name: step.name?.text,
            pauseBefore: step.pauseBefore,
            timeout: step.timeout,
            retries: step.retries,
            keepsInputArtifact: step.keepsInputArtifact,
            settings: checked(settings, component, functions),
            range: step.range
        )
    }

    private mutating func checked(
        _ settings: ImageSettings,
        _ component: ComponentName,
        _ functions: [String: TextTemplateFunction]
    ) -> ImageSettings {
        var settler = TextTemplateSettler(functions: functions, component: component)
        let settled = settler.settled(settings)
        let (checked, problems) = catalog.checked(settled, of: component, in: .packerJSON)
        diagnostics += settler.diagnostics + problems
        return checked
    }
}
