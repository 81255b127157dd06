extension HCLValue {
    /// The value as one of the wanted type.
    ///
    /// Numbers and truths become texts and back; tuples become lists and sets, objects maps, and the other way round where the contents fit.
    /// Attributes that an object type does not name are left out.
    ///
    /// - Throws: ``ConversionFault`` naming the part that does not fit.
    public func converted(to wanted: HCLType) throws(ConversionFault) -> HCLValue {
        guard type != wanted, wanted != .dynamic else { return self }
        if type == .dynamic || isNull || !isKnown { return try emptied(to: wanted) }
        var result: HCLValue
        switch wanted {
        case .string, .number, .bool: result = try toPrimitive(wanted)
        case .list(let element): result = try toSequence(wanted, of: element)
        case .set(let element): result = try toSequence(wanted, of: element)
        case .map(let element): result = try toMap(of: element)
        case .object(let attributes, let optional): result = try toObject(attributes, optional)
        case .tuple(let elements): result = try toTuple(elements)
        case .dynamic: result = self
        }
        result.isSensitive = result.isSensitive || isSensitive
        return result
    }

    /// Null and unknown have no content to convert, but their type has to fit.
    private func emptied(to wanted: HCLType) throws(ConversionFault) -> HCLValue {
        guard type == .dynamic || type.fits(wanted) else { throw ConversionFault(Self.requirement(of: wanted)) }
        return HCLValue(wanted.withoutOptional.filled(from: type), content, sensitive: isSensitive)
    }

    private func toPrimitive(_ wanted: HCLType) throws(ConversionFault) -> HCLValue {
        switch (content, wanted) {
        case (.number(let number), .string): return HCLValue(.string, .string(number.description))
        case (.bool(let value), .string): return HCLValue(.string, .string(value ? "true" : "false"))
        case (.string(let text), .number):
            guard let number = HCLNumber(text) else { throw ConversionFault("a number is required") }
            return .number(number)
        case (.string(let text), .bool): return .bool(try Self.truth(of: text))
        default: throw ConversionFault(Self.requirement(of: wanted))
        }
    }

    private static func truth(of text: String) throws(ConversionFault) -> Bool {
        switch text {
        case "true", "1": return true
        case "false", "0": return false
        case "True", "TRUE", "False", "FALSE":
            throw ConversionFault("a bool is required; to convert from string, use lowercase \"\(text.lowercased())\"")
        default: throw ConversionFault("a bool is required")
        }
    }

    private func toSequence(_ wanted: HCLType, of element: HCLType) throws(ConversionFault) -> HCLValue {
        guard let elements, !elements.isEmpty || type.fits(wanted) else {
            throw ConversionFault(Self.requirement(of: wanted))
        }
        let common = try commonType(element, elements)
        var converted: [HCLValue] = []
        for (place, value) in elements.enumerated() {
            do { converted.append(try value.converted(to: common)) } catch {
                throw type.isSet ? error : error.within("[\(place)]")
            }
        }
        let kind = element == .dynamic || !element.isWhollyKnown ? (converted.first?.type ?? common) : element
        if case .set = wanted { return .set(converted, of: kind.withoutOptional) }
        return .list(converted, of: kind.withoutOptional)
    }

    private func toMap(of element: HCLType) throws(ConversionFault) -> HCLValue {
        guard let attributes else { throw ConversionFault(Self.requirement(of: .map(element))) }
        let common = try commonType(element, Array(attributes.values))
        var converted: [String: HCLValue] = [:]
        for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
            do { converted[key] = try value.converted(to: common) } catch { throw error.within("[\(quoted(key))]") }
        }
        let kind = element.isWhollyKnown ? element : (converted.values.first?.type ?? common)
        return .map(converted, of: kind.withoutOptional)
    }

    /// The wanted type of elements; when that is any, the one that all of them can become.
    private func commonType(_ element: HCLType, _ values: [HCLValue]) throws(ConversionFault) -> HCLType {
        guard element == .dynamic else { return element }
        if case .list(let own) = type { return own }
        if case .set(let own) = type { return own }
        if case .map(let own) = type { return own }
        guard let common = HCLType.unified(values.map(\.type)) else {
            let what = attributes == nil ? "list elements" : "map elements"
            throw ConversionFault("all \(what) must have the same type")
        }
        return common
    }

    private func toObject(
        _ wanted: [String: HCLType],
        _ optional: Set<String>
    ) throws(ConversionFault) -> HCLValue {
        guard let attributes else { throw ConversionFault(Self.requirement(of: .object(wanted))) }
        let missing = wanted.keys.filter { attributes[$0] == nil && !optional.contains($0) }.sorted()
        if let problem = Self.missingText(missing) { throw ConversionFault(problem) }
        var converted: [String: HCLValue] = [:]
        for (key, kind) in wanted.sorted(by: { $0.key < $1.key }) {
            guard let value = attributes[key] else {
                converted[key] = .null(kind.withoutOptional)
                continue
            }
            do { converted[key] = try value.converted(to: kind) } catch { throw error.within(".\(key)") }
        }
        return .object(converted)
    }

    private static func missingText(_ names: [String]) -> String? {
        switch names.count {
        case 0: nil
        case 1: "attribute \(quoted(names[0])) is required"
        case 2: "attributes \(quoted(names[0])) and \(quoted(names[1])) are required"
        default:
            "attributes \(names.dropLast().map(quoted).joined(separator: ", ")), and \(quoted(names[names.count - 1])) are required"
        }
    }

    private func toTuple(_ wanted: [HCLType]) throws(ConversionFault) -> HCLValue {
        guard let elements, type.elementType == nil else { throw ConversionFault(Self.requirement(of: .tuple(wanted))) }
        guard elements.count == wanted.count else {
            throw ConversionFault("tuple of \(wanted.count) elements is required, not of \(elements.count)")
        }
        var converted: [HCLValue] = []
        for (place, value) in elements.enumerated() {
            do { converted.append(try value.converted(to: wanted[place])) } catch { throw error.within("[\(place)]") }
        }
        return .tuple(converted)
    }

    /// What is said when a value of another kind is given.
    static func requirement(of type: HCLType) -> String { "\(type.name) required" }
}
