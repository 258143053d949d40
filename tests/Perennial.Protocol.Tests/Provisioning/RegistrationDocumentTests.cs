using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Perennial.Protocol.Provisioning;

namespace Perennial.Protocol.Tests.Provisioning;

public sealed class RegistrationDocumentTests
{
    private static readonly DateTimeOffset At = new DateTimeOffset(2022, 8, 31, 22, 2, 50, TimeSpan.Zero).AddTicks(5163352);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" \r\n\t")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"payload\":null,\"registrationId\":null,\"tpm\":null,\"csr\":null}")]
    [InlineData("{\"future\":{\"a\":[1]}}")]
    public void Clients_send_nothing_or_nulls(string body)
    {
        Assert.True(RegistrationRequest.TryParse(Encoding.UTF8.GetBytes(body), out var request));
        Assert.Null(request.RegistrationId);
        Assert.Null(request.Payload);
        Assert.Null(request.Tpm);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"a\"")]
    [InlineData("[1,{\"b\":null}]")]
    [InlineData("{\"a\":{\"b\":[true]}}")]
    public void A_payload_may_be_any_json(string payload)
    {
        Assert.True(RegistrationRequest.TryParse(Encoding.UTF8.GetBytes($"{{\"registrationId\":\"d\",\"payload\":{payload}}}"), out var request));
        Assert.Equal("d", request.RegistrationId);
        Assert.Equal(payload, request.Payload!.ToJsonString());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"registrationId\":1}")]
    [InlineData("{\"registrationId\":\"a\",\"registrationId\":\"b\"}")]
    [InlineData("{\"payload\":{\"a\":1,\"a\":2}}")]
    [InlineData("{\"payload\":\"\\ud800\"}")]
    [InlineData("{\"payload\":{\"\\udc00\":1}}")]
    public void A_malformed_body_is_refused(string body) =>
        Assert.False(RegistrationRequest.TryParse(Encoding.UTF8.GetBytes(body), out _));

    [Fact]
    public void A_body_that_is_not_utf8_is_refused() =>
        Assert.False(RegistrationRequest.TryParse([.. "{\"payload\":\""u8, 0xFF, .. "\"}"u8], out _));

    [Fact]
    public void A_deep_or_long_body_is_refused()
    {
        Assert.False(RegistrationRequest.TryParse(
            Encoding.UTF8.GetBytes($"{{\"payload\":{new string('[', 40)}{new string(']', 40)}}}"), out _));
        Assert.False(RegistrationRequest.TryParse(new byte[RegistrationRequest.MaxLength + 1], out _));
    }

    [Fact]
    public void An_assigned_device_is_told_so() => Equal(
        """{"operationId":"4.d0a6","status":"assigned","registrationState":{"x509":{},"registrationId":"dev-01","createdDateTimeUtc":"2022-08-31T22:02:50.5163352Z","assignedHub":"hub-a.example.net","deviceId":"dev-01","status":"assigned","substatus":"initialAssignment","lastUpdatedDateTimeUtc":"2022-08-31T22:02:50.5163352Z","etag":"IjY5"}}""",
        RegistrationOperationStatus.Ended("4.d0a6", new()
        {
            X509 = new(),
            RegistrationId = "dev-01",
            CreatedDateTimeUtc = At,
            AssignedHub = "hub-a.example.net",
            DeviceId = "dev-01",
            Status = RegistrationStatus.Assigned,
            Substatus = RegistrationSubstatus.InitialAssignment,
            LastUpdatedDateTimeUtc = At,
            Etag = "IjY5",
        }));

    [Fact]
    public void While_assigning_the_state_may_be_left_out()
    {
        Assert.True(RegistrationId.TryParse("dev-01", out var id));
        Equal("""{"operationId":"5.a","status":"assigning"}""", RegistrationOperationStatus.Assigning("5.a"));
        Equal(
            """{"operationId":"5.a","status":"assigning","registrationState":{"registrationId":"dev-01","status":"assigning"}}""",
            RegistrationOperationStatus.Assigning("5.a", id));
        Equal(
            """{"operationId":"","status":"disabled","registrationState":{"registrationId":"dev-01","status":"disabled"}}""",
            RegistrationOperationStatus.Disabled(id));
    }

    [Fact]
    public void Substatus_is_spelled_in_camel_case()
    {
        var result = new DeviceRegistrationResult
        {
            RegistrationId = "a",
            Status = RegistrationStatus.Assigned,
            Substatus = RegistrationSubstatus.ReprovisionedToInitialAssignment,
            SymmetricKey = new() { EnrollmentGroupId = "g1" },
        };
        Assert.Equal(
            """{"symmetricKey":{"enrollmentGroupId":"g1"},"registrationId":"a","status":"assigned","substatus":"reprovisionedToInitialAssignment"}""",
            Encoding.ASCII.GetString(WireJson.ToUtf8(result)));
    }

    [Fact]
    public void An_error_has_its_document()
    {
        var error = ProvisioningError.InvalidCertificate.ToDocument(Guid.Parse("1b4ff8fb-0000-0000-0000-000000000001"), At);
        Assert.Equal(
            """{"errorCode":401002,"trackingId":"1b4ff8fb-0000-0000-0000-000000000001","message":"Invalid certificate.","timestampUtc":"2022-08-31T22:02:50.5163352Z"}""",
            Encoding.ASCII.GetString(WireJson.ToUtf8(error)));
        Assert.Equal(401, ProvisioningError.InvalidCertificate.HttpStatus);
    }

    [Fact]
    public void Replies_are_ascii_whatever_they_carry() => Texts.Unicode.Sample(text =>
    {
        var body = new JsonObject { ["payload"] = new JsonObject { ["k"] = text }, ["registrationId"] = "d" }.ToJsonString(
            new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Assert.True(RegistrationRequest.TryParse(Encoding.UTF8.GetBytes(body), out var request));
        var bytes = WireJson.ToUtf8(new DeviceRegistrationResult
        {
            RegistrationId = text,
            Status = RegistrationStatus.Failed,
            ErrorMessage = text,
            Payload = (JsonObject)request.Payload!,
        });
        Assert.True(Ascii.IsValid(bytes));
        Assert.True(WireJson.TryParse<DeviceRegistrationResult>(bytes, out var read));
        return read.ErrorMessage == text && (string?)read.Payload!["k"] == text;
    });

    [Fact]
    public void No_body_makes_the_parser_throw() =>
        Gen.OneOf(Gen.Byte.Array[0, 200], Texts.After("{\"payload\":", "{\"registrationId\":\"", "{\"tpm\":{").Select(Encoding.UTF8.GetBytes))
            .Sample(bytes =>
            {
                if (RegistrationRequest.TryParse(bytes, out var request))
                {
                    _ = WireJson.ToUtf8(request);
                }
            });

    private static void Equal(string expected, RegistrationOperationStatus status)
    {
        Assert.Equal(expected, Encoding.ASCII.GetString(WireJson.ToUtf8(status)));
        Assert.True(WireJson.TryParse<RegistrationOperationStatus>(Encoding.ASCII.GetBytes(expected), out var read));
        Assert.Equal(status, read);
    }
}
