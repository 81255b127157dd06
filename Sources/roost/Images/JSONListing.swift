import RoostTemplate

/// A template of JSON as `packer inspect` shows it.
struct JSONListing {
    private let plan: ImagePlan
    private let outline: PackerJSONTemplate.Outline
    private let output: ImageOutput

    init(_ plan: ImagePlan, _ outline: PackerJSONTemplate.Outline, _ output: ImageOutput) {
        self.plan = plan
        self.outline = outline
        self.output = output
    }

    func print() {
        output.say("Packer Inspect: JSON mode")
        if let description = plan.description {
            output.say("Description:\n")
            output.say("\(description)\n")
        }
        printVariables()
        output.say("")
        printBuilders()
        output.say("")
        output.say("Provisioners:\n")
        if outline.provisioners.isEmpty { output.say("  <No provisioners>") }
        for type in outline.provisioners {
            output.tell("template-provisioner", [type])
            output.say("  \(type)")
        }
        output.say(
            """

            Note: If your build names contain user variables or template
            functions such as 'timestamp', these are processed at build time,
            and therefore only show in their raw form here.
            """
        )
    }

    private func printVariables() {
        guard !plan.variables.isEmpty else {
            output.say("Variables:\n")
            return output.say("  <No variables>")
        }
        let required = plan.variables.filter(\.isRequired)
        if !required.isEmpty { output.say("Required variables:\n") }
        for variable in required {
            output.tell("template-variable", [variable.name, "", "1"])
            output.say("  \(variable.name)")
        }
        if !required.isEmpty { output.say("") }
        output.say("Optional variables and their defaults:\n")
        let width = plan.variables.map { $0.name.utf8.count }.max() ?? 0
        for variable in plan.variables where !variable.isRequired {
            output.tell("template-variable", [variable.name, variable.shownDefault, "0"])
            output.say("  \(Self.padded(variable.name, width)) = \(variable.shownDefault)")
        }
    }

    private func printBuilders() {
        output.say("Builders:\n")
        if outline.builders.isEmpty { output.say("  <No builders>") }
        let width = outline.builders.map(\.name.utf8.count).max() ?? 0
        for builder in outline.builders {
            output.tell("template-builder", [builder.name, builder.type])
            let type = builder.name == builder.type ? "" : " (\(builder.type))"
            output.say("  \(Self.padded(builder.name, width))\(type)")
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
    }
}
