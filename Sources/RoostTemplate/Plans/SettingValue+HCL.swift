import RoostLanguage

extension SettingValue {
    /// What an evaluated expression gives; parts take the place of the whole.
    init(_ value: HCLValue, range: HCLRange?) {
        let form: Form =
            switch value.content {
            case .unknown, .null: .null
            case .string(let text): .text(text)
            case .number(let number): .number(number)
            case .bool(let truth): .truth(truth)
            case .elements(let elements): .list(elements.map { SettingValue($0, range: range) })
            case .attributes(let attributes):
                .object(
                    ImageSettings(
                        attributes.sorted { $0.key < $1.key }.map {
                            .init($0.key, SettingValue($0.value, range: range), nameRange: range)
                        },
                        missingRange: range
                    )
                )
            }
        self.init(form, range: range, isSensitive: value.isSensitive)
    }

    /// What an expression gives in a scope; what is not known yet is left for later.
    static func reading(
        _ expression: HCLExpression,
        in scope: HCLScope,
        _ diagnostics: inout [Diagnostic]
    ) -> SettingValue {
        if case .tuple(let elements) = expression.form {
            let values = elements.map { reading($0, in: scope, &diagnostics) }
            return SettingValue(.list(values), range: expression.range)
        }
        let (value, problems) = expression.value(in: scope)
        diagnostics += problems
        // What has a problem is reported already; it passes as if it came later, so that it is not reported as missing too.
        guard problems.isEmpty, value.isWhollyKnown else {
            let later = LaterExpression(expression: expression, scope: scope)
            return SettingValue(.later(later), range: expression.range, isSensitive: value.hasSensitivePart)
        }
        return SettingValue(value, range: expression.range)
    }
}
