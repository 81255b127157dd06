public import RoostLanguage

extension ComponentCatalog {
    /// Files of the machine that builds which settings name and which are not there.
    ///
    /// Paths are as they are written: relative to the working directory, and with `~` in those of keys. What is uploaded may be made
    /// during the build, if the settings say so. Paths that are computed later are not looked at.
    public func missingFiles(
        _ settings: ImageSettings,
        of component: ComponentName,
        exists: (String) -> Bool
    ) -> [Diagnostic] {
        guard case .known(let schema) = entry(component.kind, component.type), !settings.hasFilesElsewhere(component)
        else { return [] }
        return missingFiles(settings, schema, component, exists)
    }

    private func missingFiles(
        _ settings: ImageSettings,
        _ schema: ComponentSchema,
        _ component: ComponentName,
        _ exists: (String) -> Bool
    ) -> [Diagnostic] {
        schema.options.flatMap { option -> [Diagnostic] in
            guard let value = settings[option.name] else { return [] }
            if case .block(let inner, _) = option.kind, let nested = value.settings {
                return missingFiles(nested, inner, component, exists)
            }
            guard option.isFile else { return [] }
            return (value.list ?? [value]).compactMap { element in
                guard case .text(let path) = element.form, !path.isEmpty, !exists(path) else { return nil }
                let shown = element.isSensitive ? "The file" : "\"\(path)\""
                return .error(
                    "component.missing-file",
                    "\(shown), which is \"\(option.name)\" of \(component), is not there",
                    at: (element.range ?? settings.range(option.name, in: component))?.span,
                    advice: "Paths are relative to the working directory, not to the template."
                )
            }
        }
    }
}

extension ImageSettings {
    /// Whether what they call a source is not there yet, or on the other machine.
    fileprivate func hasFilesElsewhere(_ component: ComponentName) -> Bool {
        guard component.kind == .provisioner, component.type == "file" else { return false }
        return self["generated"]?.truth == true || plainText("direction") == "download"
    }
}
