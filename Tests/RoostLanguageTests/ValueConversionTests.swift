import RoostLanguage
import Testing

@Suite("Conversions between kinds")
struct ValueConversionTests {
    static let version = Value.string("1.2.3").converted(to: .version) ?? .null
    static let moment = Value.dateTime(DateTime(seconds: 0))

    @Test(
        "only false, null, 0 and the empty text are false",
        arguments: [
            (Value.null, false), (true, true), (false, false), (0, false), (-1, true), (0.5, true), ("", false),
            ("False", true), ("0", true), (version, true), (moment, true), ([], true), ([:], true),
        ] as [(Value, Bool)]
    )
    func truth(_ value: Value, _ expected: Bool) {
        #expect(value.isTrue == expected)
    }

    @Test(
        "a value has the text of the reference",
        arguments: [
            (Value.null, ""), (true, "True"), (false, "False"), (1, "1"), (1.5, "1.5"), ("x", "x"), (version, "1.2.3"),
            (moment, "1970-01-01 00:00:00+00:00"), ([1], nil), (["a": 1], nil),
        ] as [(Value, String?)]
    )
    func text(_ value: Value, _ expected: String?) {
        #expect(value.text == expected)
    }

    @Test(
        "a value has the number of the reference",
        arguments: [
            (Value.null, 0), (true, 1), (false, 0), ("", 0), (" 42 ", 42), ("-1.5", -1.5), ("+2", 2),
            ("1,234.5", 1234.5),
            (".5", 0.5), ("5.", 5), ("1e3", nil), ("abc", nil), ("1.2.3", nil), ("NaN", nil), ("Infinity", nil),
            ("0x10", nil), ("--1", nil), ("1.2,3", nil), (version, nil), (moment, nil), ([], nil), ([:], nil),
        ] as [(Value, Double?)]
    )
    func number(_ value: Value, _ expected: Double?) {
        #expect(value.number == expected)
    }

    @Test(
        "a version comes from a text or a number with two parts at least",
        arguments: [
            (Value.string("1.2"), "1.2"), ("1.2.3.4", "1.2.3.4"), ("1", nil), ("1.2.3.4.5", nil), ("1.a", nil),
            ("1.-2", nil), (1.5, "1.5"), (1, nil), (true, nil), (.null, nil),
        ] as [(Value, String?)]
    )
    func versions(_ value: Value, _ expected: String?) {
        #expect(value.version?.description == expected)
    }

    @Test("only the empty text becomes null")
    func toNull() {
        #expect(Value.string("").converted(to: .null) == .null)
        #expect(Value.string("x").converted(to: .null) == nil)
        #expect(Value.bool(false).converted(to: .null) == nil)
        #expect(Value.number(0).converted(to: .null) == nil)
    }

    @Test(
        "a number is written with at most seven decimals, rounded, and without zeros at the end",
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (-17, "-17"), (1.10, "1.1"), (0.1 + 0.2, "0.3"), (0.12345678, "0.1234568"),
            (0.99999999, "1"), (9.99999999, "10"), (0.00000001, "0"), (-0.00000001, "0"), (1e-7, "0.0000001"),
            (0.00000005, "0.0000001"), (123456789.125, "123456789.125"), (1e15, "1000000000000000"),
            (1e21, "1000000000000000000000"), (-2.5, "-2.5"),
        ] as [(Double, String)]
    )
    func numberText(_ number: Double, _ expected: String) {
        #expect(formatNumber(number) == expected)
    }

    @Test("a failed conversion is reported in the words of the service")
    func words() {
        #expect(
            ConversionFailure([], to: .string).description == "Unable to convert from Array to String. Value: Array"
        )
        #expect(
            ConversionFailure("a'b", to: .number).description
                == "Unable to convert from String to Number. Value: 'a''b'"
        )
    }
}

@Suite("Comparison")
struct ValueComparisonTests {
    struct Case: Sendable {
        let left: Value
        let right: Value
        let isEqual: Bool
        init(_ left: Value, _ right: Value, _ isEqual: Bool) {
            self.left = left
            self.right = right
            self.isEqual = isEqual
        }
    }

    @Test(
        "eq converts the right side to the kind of the left",
        arguments: [
            Case(1, "1", true), Case(1, "1.0", true), Case("01", 1, false), Case("1", 1, true),
            Case(true, "false", true),
            Case("false", true, false), Case("true", true, true), Case(false, "", true), Case("ABC", "abc", true),
            Case("Straße", "STRASSE", true), Case(.null, "", true), Case("", .null, true), Case(.null, false, false),
            Case(.null, 0, false), Case(0, .null, true), Case(1, "abc", false), Case("[]", [], false),
            Case([], [], false),
            Case(["a": 1], ["a": 1], false), Case(ValueConversionTests.version, "1.2.3", true),
            Case(ValueConversionTests.version, "1.2.3.0", false), Case("1.2.3", ValueConversionTests.version, true),
            Case("é", "e\u{301}", true),
        ]
    )
    func equality(_ example: Case) {
        #expect(example.left.equals(example.right) == example.isEqual)
    }

    @Test("a list is equal to itself and to nothing else")
    func identity() {
        let list: Value = [1, 2]
        let same = list
        #expect(list.equals(same))
        #expect(!list.equals([1, 2]))
        let object: Value = ["a": 1]
        #expect(object.equals(object))
    }

    @Test(
        "order converts the right side to the kind of the left and ignores case",
        arguments: [
            (2, "10", -1), ("2", 10, 1), ("abc", "ABD", -1), ("a", "_", -1), (false, "x", -1),
            (.null, -1, 1), (.null, "", 0), (ValueConversionTests.version, "1.10.0", -1),
            (ValueConversionTests.version, "1.2", 1),
        ] as [(Value, Value, Int)]
    )
    func order(_ left: Value, _ right: Value, _ expected: Int) throws {
        #expect(try left.order(against: right).signum() == expected)
    }

    @Test("what has no order is an error")
    func noOrder() {
        #expect(throws: ConversionFailure("x", to: .number)) { try Value.number(1).order(against: "x") }
        #expect(throws: ConversionFailure([], to: .number)) { try Value.array([]).order(against: 1) }
        #expect(throws: ConversionFailure([:], to: .string)) { try Value.string("").order(against: [:]) }
        #expect(throws: ConversionFailure("1", to: .version)) { try ValueConversionTests.version.order(against: "1") }
    }
}

@Suite("Objects")
struct ObjectValueTests {
    @Test("keys keep order and spelling and are found in any letter case, in small objects and in large ones")
    func lookup() {
        var object = ObjectValue()
        let names = (0..<20).map { "Key.\($0)" }
        for (index, name) in names.enumerated() {
            object[name] = .number(Double(index))
            #expect(object.keys == Array(names[...index]))
            #expect(object["kEY.\(index)"] == .number(Double(index)))
        }
        object["KEY.3"] = "new"
        object["key.0"] = nil
        #expect(object.keys == Array(names.dropFirst()))
        #expect(object.spelling(of: "KEY.3") == "Key.3")
        #expect(object["Key.3"] == "new")
        #expect(object["Key.0"] == nil)
        #expect(object["key.19"] == 19)
    }
}
