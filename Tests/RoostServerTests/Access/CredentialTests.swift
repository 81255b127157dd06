import HTTPTypes
import Testing

@testable import RoostServer

@Suite("Credentials of a request")
struct CredentialTests {
    @Test(
        "Basic, Bearer and the cookie are read",
        arguments: [
            ("Basic OnRva2Vu", Credential.password("token")), ("basic  dnN0czp0b2tlbg==", .password("token")),
            ("BASIC dTphOmI=", .password("a:b")), ("Bearer abc.def", .bearer("abc.def")),
        ]
    )
    func reading(header: String, credential: Credential) {
        #expect(Credential([.authorization: header]) == credential)
    }

    @Test(
        "what cannot be understood is no missing credential",
        arguments: ["Basic", "Basic !!!", "Basic dG9rZW4=", "Basic dTo=", "Bearer ", "Negotiate abc"]
    )
    func unreadable(header: String) throws {
        guard case .unreadable = try #require(Credential([.authorization: header])) else {
            Issue.record("\(header) was understood")
            return
        }
    }

    @Test("the header wins over the cookie")
    func headerAndCookie() {
        let cookie = "theme=dark; roost_session=s3; roost_sessionx=no"
        #expect(Credential([.cookie: cookie]) == .session("s3"))
        #expect(Credential([.cookie: cookie, .authorization: "Bearer a"]) == .bearer("a"))
        #expect(Credential([.cookie: "theme=dark"]) == nil)
        #expect(Credential([:]) == nil)
    }
}
