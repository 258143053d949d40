using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Hub.Registry;

namespace Perennial.Protocol.Tests.Hub;

public sealed class RegistryDocumentTests
{
    [Fact]
    public void An_identity_is_written_with_its_nulls_and_the_type_last()
    {
        var identity = new DeviceIdentityDocument
        {
            DeviceId = "dev1",
            GenerationId = "637",
            Etag = "ODAx",
            ConnectionState = ConnectionState.Disconnected,
            Status = DeviceStatus.Enabled,
            Authentication = new()
            {
                Type = AuthenticationType.SelfSigned,
                SymmetricKey = new(),
                X509Thumbprint = new() { PrimaryThumbprint = "A1" },
            },
            Capabilities = new() { IotEdge = false },
        };
        Assert.Equal(
            """{"deviceId":"dev1","generationId":"637","etag":"ODAx","connectionState":"Disconnected","status":"enabled","statusReason":null,"connectionStateUpdatedTime":"0001-01-01T00:00:00Z","statusUpdatedTime":"0001-01-01T00:00:00Z","lastActivityTime":"0001-01-01T00:00:00Z","cloudToDeviceMessageCount":0,"authentication":{"symmetricKey":{"primaryKey":null,"secondaryKey":null},"x509Thumbprint":{"primaryThumbprint":"A1","secondaryThumbprint":null},"type":"selfSigned"},"capabilities":{"iotEdge":false},"deviceScope":null,"parentScopes":null}""",
            Encoding.ASCII.GetString(WireJson.ToUtf8(identity)));
    }

    [Fact]
    public void A_captured_identity_is_read()
    {
        var body = """{"deviceId":"dev1","status":"enabled","lastActivityTime":null,"authentication":{"type":"sas","symmetricKey":{"primaryKey":"","secondaryKey":""}}}"""u8;
        Assert.True(WireJson.TryParse<DeviceIdentityDocument>(body, out var identity));
        Assert.Equal(AuthenticationType.Sas, identity.Authentication?.Type);
        Assert.True(identity.Authentication?.SymmetricKey?.IsEmpty);
    }

    [Theory]
    [InlineData("0123456789abcdefABCD0123456789abcdefABCD", true)]
    [InlineData("0123456789abcdefABCD0123456789abcdefABCD0123456789abcdefABCD0123", true)]
    [InlineData("01:23", false)]
    [InlineData("x123456789abcdefABCD0123456789abcdefABCD", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_thumbprint_has_40_or_64_hexadecimal_digits(string? text, bool expected) =>
        Assert.Equal(expected, X509ThumbprintDocument.IsThumbprint(text));

    [Fact]
    public void A_twin_is_written_whole()
    {
        var twin = new TwinDocument
        {
            DeviceId = "dev1",
            Etag = "AAAAAAAAAAE=",
            DeviceEtag = "ODAx",
            Status = DeviceStatus.Enabled,
            ConnectionState = ConnectionState.Connected,
            AuthenticationType = AuthenticationType.CertificateAuthority,
            X509Thumbprint = new(),
            ModelId = string.Empty,
            Capabilities = new() { IotEdge = false },
            Version = 2,
            Tags = [],
            Properties = new() { Desired = new JsonObject { ["$version"] = 1 }, Reported = new JsonObject { ["$version"] = 1 } },
        };
        Assert.Equal(
            """{"deviceId":"dev1","etag":"AAAAAAAAAAE=","deviceEtag":"ODAx","status":"enabled","statusUpdateTime":"0001-01-01T00:00:00Z","connectionState":"Connected","lastActivityTime":"0001-01-01T00:00:00Z","cloudToDeviceMessageCount":0,"authenticationType":"certificateAuthority","x509Thumbprint":{"primaryThumbprint":null,"secondaryThumbprint":null},"modelId":"","version":2,"tags":{},"properties":{"desired":{"$version":1},"reported":{"$version":1}},"capabilities":{"iotEdge":false}}""",
            Encoding.ASCII.GetString(WireJson.ToUtf8(twin)));
    }

    [Fact]
    public void A_device_sees_both_sections_of_its_twin()
    {
        var twin = new DeviceTwinDocument { Desired = new JsonObject { ["a"] = 1, ["$version"] = 3 }, Reported = new JsonObject { ["$version"] = 1 } };
        Assert.Equal("""{"desired":{"a":1,"$version":3},"reported":{"$version":1}}""", Encoding.ASCII.GetString(WireJson.ToUtf8(twin)));
    }

    [Fact]
    public void A_change_of_a_twin_may_hold_tags_or_desired_properties_or_both()
    {
        Assert.True(WireJson.TryParse<TwinChangeDocument>("""{"deviceId":"x","properties":{"desired":{"a":null}}}"""u8, out var change));
        Assert.Null(change.Tags);
        Assert.Equal("""{"a":null}""", change.Properties?.Desired?.ToJsonString());
    }

    [Fact]
    public void An_error_tells_its_name_first()
    {
        var id = Guid.Parse("1b4ff8fb-0000-0000-0000-000000000001");
        Assert.Equal(
            """{"Message":"ErrorCode:DeviceNotFound;dev1","ExceptionMessage":"Tracking ID:1b4ff8fb-0000-0000-0000-000000000001-G:0-TimeStamp:1970-01-01T00:00:00.0000000Z"}""",
            Encoding.ASCII.GetString(WireJson.ToUtf8(HubError.DeviceNotFound.ToEnvelope("dev1", id, DateTimeOffset.UnixEpoch))));
        Assert.Equal(
            """{"errorCode":400004,"message":"m","trackingId":"1b4ff8fb-0000-0000-0000-000000000001","timestampUtc":"1970-01-01T00:00:00.0000000Z"}""",
            Encoding.ASCII.GetString(WireJson.ToUtf8(HubError.ArgumentInvalid.ToDocument("m", id, DateTimeOffset.UnixEpoch))));
        var nested = HubError.DeviceNotOnline.ToNestedEnvelope("off", id, DateTimeOffset.UnixEpoch);
        Assert.Equal(404103, (int?)JsonNode.Parse(nested.Message)!["errorCode"]);
    }

    [Fact]
    public void The_method_of_authentication_is_json()
    {
        foreach (var text in (string[])[ConnectionAuthMethod.X509, ConnectionAuthMethod.SymmetricKey, ConnectionAuthMethod.Policy])
        {
            Assert.Equal("iothub", (string?)JsonNode.Parse(text)!["issuer"]);
        }
    }

    [Fact]
    public void Statistics_are_counts() => Assert.Equal(
        """{"totalDeviceCount":3,"enabledDeviceCount":2,"disabledDeviceCount":1}""",
        Encoding.ASCII.GetString(WireJson.ToUtf8(new DeviceStatisticsDocument { TotalDeviceCount = 3, EnabledDeviceCount = 2, DisabledDeviceCount = 1 })));

    [Fact]
    public void No_body_makes_the_parser_throw() =>
        Texts.After("{\"authentication\":{\"", "{\"tags\":{\"", "{\"status\":\"").Sample(text =>
        {
            _ = WireJson.TryParse<DeviceIdentityDocument>(Encoding.UTF8.GetBytes(text), out _);
            _ = WireJson.TryParse<TwinChangeDocument>(Encoding.UTF8.GetBytes(text), out _);
        });
}
