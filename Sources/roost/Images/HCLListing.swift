import RoostTemplate

/// A template of HCL2 as `packer inspect` shows it.
struct HCLListing {
    private let template: PackerTemplate
    private let output: ImageOutput

    init(_ template: PackerTemplate, _ output: ImageOutput) {
        self.template = template
        self.output = output
    }

    func print() {
        let plan = template.reading.plan
        output.say("Packer Inspect: HCL2 mode\n")
        output.say(Self.variables(plan))
        for variable in plan.variables {
            output.tell(
                "template-variable",
                [variable.name, variable.shownDefault, variable.isRequired ? "1" : "0"]
            )
        }
        for target in plan.targets { output.tell("template-builder", [target.name, target.type]) }
        for step in template.builds.flatMap(\.provisioners) { output.tell("template-provisioner", [step.type]) }
        let builds = template.builds.enumerated().map { Self.build($1, place: $0) }.joined()
        output.say("> builds:\n\n" + String(builds.dropLast(builds.isEmpty ? 0 : 1)))
    }

    /// Variables and locals with their values; `variables` of a console shows them too.
    static func variables(_ plan: ImagePlan) -> String {
        let lines = plan.variables.map { "var.\($0.name): \($0.shownValue)\n" }
        let locals = plan.locals.map { "local.\($0.name): \($0.shownValue)\n" }
        return "> input-variables:\n\n\(lines.joined())\n> local-variables:\n\n\(locals.joined())"
    }

    private static func build(_ build: PackerBuild, place: Int) -> String {
        var text = "  > \(build.name ?? "<unnamed build \(place)>"):\n\n"
        if let description = build.description { text += "  > Description: \(description)\n\n" }
        text += "    sources:\n\n"
        text +=
            build.sources.isEmpty ? "      <no source>\n" : build.sources.map { "      \($0.reference)\n\n" }.joined()
        text += "    provisioners:\n\n"
        text +=
            build.provisioners.isEmpty
            ? "      <no provisioner>\n\n" : build.provisioners.map { "      \($0.type)\n" }.joined() + "\n"
        text += "    post-processors:\n\n"
        guard !build.postProcessors.isEmpty else { return text + "      <no post-processor>\n\n" }
        for (number, chain) in build.postProcessors.enumerated() {
            text += "      \(number):\n" + chain.map { "        \($0.type)\n" }.joined() + "\n"
        }
        return text
    }
}
