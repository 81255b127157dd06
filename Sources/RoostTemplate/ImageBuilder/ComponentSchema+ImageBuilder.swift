extension ComponentSchema {
    /// What a target of type `azure-image-builder` has for settings; the reading of templates has checked them already.
    public static let azureImageBuilder = ComponentSchema(
        [
            ComponentOption("apiVersion"), ComponentOption("location", required: true),
            ComponentOption("tags", .map(.text)), ComponentOption("identity", .anything),
        ]
            + ImageBuilderSchema.properties.fields.filter { $0.name != "customize" && !$0.isReadOnly }
            .map(ComponentOption.init)
    )

    fileprivate init(_ shape: ImageBuilderShape) {
        self.init(shape.fields.filter { !$0.isReadOnly }.map(ComponentOption.init))
    }

    /// Everything that any of the variants may hold.
    fileprivate init(_ variants: [ImageBuilderField.Variant], by selector: String) {
        var options = [ComponentOption(selector, .choice(variants.map(\.name)), required: true)]
        for field in variants.flatMap(\.shape.fields) where !field.isReadOnly {
            guard !options.contains(where: { $0.name == field.name }) else { continue }
            var option = ComponentOption(field)
            option.isRequired = false
            options.append(option)
        }
        self.init(options)
    }
}

extension ComponentOption {
    fileprivate init(_ field: ImageBuilderField) {
        self.init(
            field.name,
            Kind(field.kind),
            required: field.isRequired,
            replacement: field.replacement
        )
    }
}

extension ComponentOption.Kind {
    fileprivate init(_ kind: ImageBuilderField.Kind) {
        switch kind {
        case .text(.duration): self = .duration
        case .text(.name): self = .pattern("^[A-Za-z0-9_.-]{1,64}$")
        case .text: self = .text
        case .choice(let choices): self = .choice(choices)
        case .whole(let bounds): self = .whole(bounds)
        case .truth: self = .truth
        case .list(.object(let shape), _): self = .block(ComponentSchema(shape), isRepeated: true)
        case .list(.variants(let selector, let variants), _):
            self = .block(ComponentSchema(variants, by: selector), isRepeated: true)
        case .list(let kind, _): self = .list(Self(kind))
        case .map(let kind): self = .map(Self(kind))
        case .object(let shape): self = .block(ComponentSchema(shape), isRepeated: false)
        case .variants(let selector, let variants):
            self = .block(ComponentSchema(variants, by: selector), isRepeated: false)
        case .anything: self = .anything
        }
    }
}
