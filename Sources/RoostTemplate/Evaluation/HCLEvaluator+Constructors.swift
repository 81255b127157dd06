extension HCLEvaluator {
    mutating func object(_ items: [HCLObjectItem], _ range: HCLRange, in scope: HCLScope) -> HCLValue {
        var attributes: [String: HCLValue] = [:]
        var (isKnown, isSensitive) = (true, false)
        for item in items {
            if case .variable(let traversal) = item.key.form, !traversal.steps.isEmpty {
                _ = fail(
                    "key",
                    "Ambiguous attribute key",
                    "A key with steps could be a name or a reference.",
                    item.key.range,
                    context: range,
                    advice: "A reference stands in parentheses, a name with dots in quotes."
                )
                isKnown = false
                continue
            }
            let key = item.bareKey.map { HCLValue.string($0) } ?? value(of: item.key, in: scope)
            let value = value(of: item.value, in: scope)
            isSensitive = isSensitive || key.isSensitive
            if key.isNull {
                _ = fail("key", "Null value as key", "Can't use a null value as a key.", item.key.range, context: range)
                continue
            }
            do {
                if let name = try key.converted(to: .string).text { attributes[name] = value } else { isKnown = false }
            } catch {
                _ = fail(
                    "key",
                    "Incorrect key type",
                    "Can't use this value as a key: \(error).",
                    item.key.range,
                    context: range
                )
            }
        }
        return isKnown ? HCLValue.object(attributes).marked(isSensitive) : HCLValue.unknown().marked(isSensitive)
    }

    // MARK: For

    mutating func comprehension(_ loop: HCLComprehension, _ range: HCLRange, in scope: HCLScope) -> HCLValue {
        let before = diagnostics.count
        let collection = value(of: loop.collection, in: scope)
        guard diagnostics.count == before else { return .unknown() }
        if collection.isNull {
            return fail(
                "for",
                "Iteration over null value",
                "A null value cannot be used as the collection in a 'for' expression.",
                loop.collection.range,
                context: range
            )
        }
        if !collection.isKnown, collection.isIterable || collection.type == .dynamic {
            return HCLValue.unknown().marked(collection.isSensitive)
        }
        guard collection.isIterable, let entries = collection.entries else {
            return fail(
                "for",
                "Iteration over non-iterable value",
                "A value of type \(collection.type.name) cannot be used as the collection in a 'for' expression.",
                loop.collection.range,
                context: range
            )
        }
        var rounds = HCLRounds(isSensitive: collection.isSensitive)
        for (key, value) in entries {
            guard spend(1, at: range) else { return .unknown() }
            var names = [loop.valueName: value]
            if let keyName = loop.keyName { names[keyName] = key }
            round(loop, range, in: HCLScope(variables: names, parent: scope), &rounds)
            // The same problem in every round is said once.
            if diagnostics.count > before { return .unknown() }
        }
        return rounds.value(of: loop)
    }

    private mutating func round(
        _ loop: HCLComprehension,
        _ range: HCLRange,
        in scope: HCLScope,
        _ rounds: inout HCLRounds
    ) {
        if let condition = loop.condition {
            guard let include = included(condition, range, in: scope, &rounds) else { return }
            if !include { return }
        }
        guard let keyExpression = loop.key else {
            rounds.elements.append(value(of: loop.value, in: scope))
            return
        }
        let key = value(of: keyExpression, in: scope)
        let value = value(of: loop.value, in: scope)
        if key.isNull {
            _ = fail(
                "key",
                "Invalid object key",
                "Key expression in 'for' expression must not produce a null value.",
                keyExpression.range,
                context: range
            )
            return
        }
        do {
            let text = try key.converted(to: .string)
            rounds.isSensitive = rounds.isSensitive || text.isSensitive
            guard let name = text.text else {
                rounds.isKnown = false
                return
            }
            guard loop.groups || rounds.values[name] == nil else {
                _ = fail(
                    "key",
                    "Duplicate object key",
                    "Two different items produced the key \"\(key.isSensitive ? "(sensitive)" : name)\" in this 'for' expression.",
                    keyExpression.range,
                    context: range,
                    advice:
                        "If duplicates are expected, use the ellipsis (...) after the value expression to enable grouping by key."
                )
                return
            }
            rounds.values[name, default: []].append(value)
        } catch {
            _ = fail(
                "key",
                "Invalid object key",
                "The key expression produced an invalid result: \(error).",
                keyExpression.range,
                context: range
            )
        }
    }

    /// Whether the element takes part; nil when that is not known or cannot be said.
    private mutating func included(
        _ condition: HCLExpression,
        _ range: HCLRange,
        in scope: HCLScope,
        _ rounds: inout HCLRounds
    ) -> Bool? {
        let before = diagnostics.count
        let value = value(of: condition, in: scope)
        guard diagnostics.count == before else { return nil }
        rounds.isSensitive = rounds.isSensitive || value.isSensitive
        if value.isNull {
            _ = fail(
                "condition",
                "Condition is null",
                "The value of the 'if' clause must not be null.",
                condition.range,
                context: range
            )
            return nil
        }
        do {
            let truth = try value.converted(to: .bool).truth
            if truth == nil { rounds.isKnown = false }
            return truth
        } catch {
            _ = fail(
                "condition",
                "Invalid 'for' condition",
                "The 'if' clause value is invalid: \(error).",
                condition.range,
                context: range
            )
            return nil
        }
    }
}

/// What the rounds of a `for` have brought so far.
struct HCLRounds {
    var elements: [HCLValue] = []
    /// Values of each key, several only when they are grouped.
    var values: [String: [HCLValue]] = [:]
    /// Whether it is known which elements take part.
    var isKnown = true
    var isSensitive: Bool

    func value(of loop: HCLComprehension) -> HCLValue {
        guard isKnown else { return HCLValue.unknown().marked(isSensitive) }
        guard loop.key != nil else { return HCLValue.tuple(elements).marked(isSensitive) }
        let object =
            loop.groups
            ? HCLValue.object(values.mapValues { .tuple($0) })
            : HCLValue.object(values.compactMapValues(\.first))
        return object.marked(isSensitive)
    }

    init(isSensitive: Bool) { self.isSensitive = isSensitive }
}
