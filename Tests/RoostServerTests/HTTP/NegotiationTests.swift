import Foundation
import HTTPTypes
import Testing

@testable import RoostServer

@Suite("The form of answers")
struct NegotiationTests {
    private func negotiate(_ headers: HTTPFields, _ query: String? = nil) -> Negotiation {
        Negotiation(headers, query: QueryValues(query))
    }

    @Test("the version comes from the query, else Accept, else Content-Type, and is echoed")
    func version() {
        let accept: HTTPFields = [.accept: "application/json;api-version=7.1-preview.1"]
        let content: HTTPFields = [.contentType: "application/json; charset=utf-8; api-version=5.1"]
        #expect(negotiate([:]).contentType == "application/json; charset=utf-8")
        #expect(negotiate(accept).contentType == "application/json; charset=utf-8; api-version=7.1-preview.1")
        #expect(negotiate(content).contentType == "application/json; charset=utf-8; api-version=5.1")
        #expect(negotiate(accept, "API-Version=4.0").contentType == "application/json; charset=utf-8; api-version=4.0")
        #expect(negotiate(content.merging(accept)).contentType.hasSuffix("7.1-preview.1"))
    }

    @Test(
        "what is no version is not echoed",
        arguments: ["None", "7.1%0d%0aX: y", "", "7.1\"", "1.0 and a very long tail of words"]
    )
    func nonsense(version: String) {
        #expect(negotiate([:], "api-version=\(version)").contentType == "application/json; charset=utf-8")
    }

    @Test("a client may ask for bare lists")
    func noArrayWrap() {
        #expect(negotiate([.accept: "application/json; noArrayWrap=true; api-version=6.0"]).noArrayWrap)
        #expect(!negotiate([.accept: "application/json"]).noArrayWrap)
    }

    @Test("the first media type is what a client prefers")
    func mediaType() {
        #expect(negotiate([.accept: "text/plain;api-version=7.1, */*"]).prefers("text/plain"))
        #expect(negotiate([.accept: "Application/ZIP"]).prefers("application/zip"))
        #expect(!negotiate([:]).prefers("text/plain"))
    }

    @Test("queries are read ignoring case, with blanks as forms and addresses write them")
    func query() throws {
        let query = QueryValues("agentName=my+agent%21&%24top=5&includeCapabilities=True&ids=1,2&empty=&flag")
        #expect(query["AGENTNAME"] == "my agent!")
        #expect(try query.number("$top") == 5)
        #expect(query.flag("includecapabilities"))
        #expect(try query.numbers("ids") == [1, 2])
        #expect(query["empty"] == nil)
        #expect(query["flag"] == nil)
        #expect(throws: ControlError.self) { try query.number("agentName") }
    }

    @Test("a request keeps the id its client gave it, unless that could break a line")
    func requestIDs() {
        let identifiers = RequestIdentifiers()
        #expect(identifiers.id([.e2eID: "abc-1"]) == "abc-1")
        #expect(identifiers.id([.activityID: "def"]) == "def")
        #expect(identifiers.id([.requestID: "x y"]) != "x y")
        let made = (0..<3).map { _ in identifiers.id([:]) }
        #expect(Set(made).count == 3)
        #expect(
            made.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/) != nil }
        )
    }

    @Test("dates of answers have the form of the HTTP standard")
    func date() {
        #expect(ResponseClock.format(.init(timeIntervalSince1970: 784_111_777)) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }
}

extension HTTPFields {
    fileprivate func merging(_ other: HTTPFields) -> HTTPFields {
        var fields = self
        for field in other { fields.append(field) }
        return fields
    }
}
