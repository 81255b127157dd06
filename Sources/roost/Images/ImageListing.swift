import RoostTemplate

/// A template as `packer inspect` shows it.
struct ImageListing {
    private let template: ImageTemplate
    private let output: ImageOutput

    init(_ template: ImageTemplate, _ output: ImageOutput) {
        self.template = template
        self.output = output
    }

    func print() {
        switch template {
        case .packerHCL(let template): HCLListing(template, output).print()
        case .packerJSON(let reading, let outline): JSONListing(reading.plan, outline, output).print()
        case .imageBuilder(let reading): ImageBuilderListing(reading.plan, output).print()
        }
    }
}
