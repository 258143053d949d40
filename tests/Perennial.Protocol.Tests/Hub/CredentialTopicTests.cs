using System.Text;
using CsCheck;
using Perennial.Protocol.Hub.Credentials;

namespace Perennial.Protocol.Tests.Hub;

public sealed class CredentialTopicTests
{
    private static readonly Gen<string> RequestIds =
        Gen.String[Gen.Char["abcXYZ019-"], CredentialTopic.MinRequestIdLength, CredentialTopic.MaxRequestIdLength].Where(CredentialTopic.IsRequestId);

    [Fact]
    public void A_request_is_read_as_it_was_written() =>
        RequestIds.Sample(rid => CredentialTopic.TryParseRequest(CredentialTopic.FormatRequest(rid), out var read) && read == rid);

    [Fact]
    public void An_answer_is_read_as_it_was_written() =>
        Gen.Select(RequestIds, Gen.Int[200, 599]).Sample((rid, status) =>
            CredentialTopic.TryParseAnswer(CredentialTopic.FormatAnswer(status, rid), out var readStatus, out var read) && (readStatus, read) == (status, rid));

    [Fact]
    public void The_topics_are_those_of_the_preview()
    {
        Assert.Equal("$iothub/credentials/POST/issueCertificate/?$rid=ab12", CredentialTopic.FormatRequest("ab12"));
        Assert.Equal("$iothub/credentials/res/202/?$rid=ab12", CredentialTopic.FormatAnswer(202, "ab12"));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-abcd")]
    [InlineData("abcd-")]
    [InlineData("ab cd")]
    [InlineData("abçd")]
    [InlineData("0123456789012345678901234567890123456")]
    public void An_unlawful_request_id_is_refused(string rid) =>
        Assert.False(CredentialTopic.TryParseRequest(CredentialTopic.FormatRequest(rid), out _));

    [Theory]
    [InlineData("$iothub/credentials/res/200/?$rid=")]
    [InlineData("$iothub/credentials/res/-1/?$rid=abcd")]
    [InlineData("$iothub/credentials/res/200?$rid=abcd")]
    [InlineData("$iothub/twin/res/200/?$rid=abcd")]
    public void Another_topic_is_no_answer(string topic) => Assert.False(CredentialTopic.TryParseAnswer(topic, out _, out _));

    [Fact]
    public void A_request_leaves_out_what_it_does_not_replace_and_takes_no_unknown_member()
    {
        var request = new CertificateRequestDocument { Id = "dev1", Csr = "AAAA" };
        Assert.Equal("""{"id":"dev1","csr":"AAAA"}""", Encoding.UTF8.GetString(WireJson.ToUtf8(request)));
        Assert.True(WireJson.TryParse<CertificateRequestDocument>("""{"id":"dev1","csr":"AAAA","replace":"*"}"""u8, out var read));
        Assert.Equal(request with { Replace = CertificateRequestDocument.ReplaceAny }, read);
        Assert.False(WireJson.TryParse<CertificateRequestDocument>("""{"id":"dev1","csr":"AAAA","more":1}"""u8, out _));
        Assert.False(WireJson.TryParse<CertificateRequestDocument>("""{"id":"dev1","csr":null}"""u8, out _));
    }

    [Fact]
    public void An_error_says_what_stands_in_the_way()
    {
        var text = """{"errorCode":409005,"message":"active","trackingId":"t","timestampUtc":"2026-01-01T00:00:00Z","info":{"requestId":"abcd"},"retryAfter":7}"""u8;
        Assert.True(WireJson.TryParse<CredentialErrorDocument>(text, out var error));
        Assert.Equal((409005, 7, "abcd"), (error.ErrorCode, error.RetryAfter, error.Info?.RequestId));
        Assert.True(WireJson.TryParse<CredentialErrorDocument>("""{"errorCode":500001,"message":"no","info":null}"""u8, out _));
    }
}
