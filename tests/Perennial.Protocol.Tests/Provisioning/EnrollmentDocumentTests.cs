using System.Text;
using CsCheck;
using Perennial.Protocol.Provisioning.Enrollments;

namespace Perennial.Protocol.Tests.Provisioning;

public sealed class EnrollmentDocumentTests
{
    private const string Individual =
        """{"registrationId":"dev-01","deviceId":"d","attestation":{"type":"x509","x509":{"clientCertificates":{"primary":{"info":{"subjectName":"CN=dev-01","sha1Thumbprint":"A1","sha256Thumbprint":"B2","issuerName":"CN=ca","notBeforeUtc":"2022-08-31T22:02:50.0000000Z","notAfterUtc":"2032-08-31T22:02:50.0000000Z","serialNumber":"01","version":3}}}}},"capabilities":{"iotEdge":false},"initialTwin":{"tags":{"a":1},"properties":{"desired":{"b":null}}},"etag":"\u002213003fea\u0022","provisioningStatus":"enabled","reprovisionPolicy":{"updateHubAssignment":true,"migrateDeviceData":true},"createdDateTimeUtc":"2022-08-31T22:02:50.5163352Z","allocationPolicy":"geoLatency","iotHubs":["hub-a.example.net"]}""";

    [Fact]
    public void What_is_read_is_written_alike()
    {
        Assert.True(WireJson.TryParse<IndividualEnrollmentDocument>(Encoding.UTF8.GetBytes(Individual), out var enrollment));
        Assert.Equal(Individual, Encoding.ASCII.GetString(WireJson.ToUtf8(enrollment)));
    }

    [Theory]
    [InlineData("""{"primary":"root-a","secondary":"root.b"}""")]
    [InlineData("""{"secondary":"root.b"}""")]
    public void References_to_CA_certificates_are_read_and_written_alike(string references)
    {
        var text = """{"enrollmentGroupId":"g","attestation":{"type":"x509","x509":{"caReferences":""" + references + "}}}";
        Assert.True(WireJson.TryParse<EnrollmentGroupDocument>(Encoding.UTF8.GetBytes(text), out var group));
        Assert.Equal(text, Encoding.ASCII.GetString(WireJson.ToUtf8(group)));
    }

    [Theory]
    [InlineData("Enabled", "geolatency", "X509")]
    [InlineData("ENABLED", "GEOLATENCY", "x509")]
    public void Enumerations_are_read_in_any_case(string status, string policy, string type)
    {
        var text = $$"""{"enrollmentGroupId":"g","provisioningStatus":"{{status}}","allocationPolicy":"{{policy}}","attestation":{"type":"{{type}}"},"future":1}""";
        Assert.True(WireJson.TryParse<EnrollmentGroupDocument>(Encoding.UTF8.GetBytes(text), out var group));
        Assert.Equal(
            """{"enrollmentGroupId":"g","attestation":{"type":"x509"},"provisioningStatus":"enabled","allocationPolicy":"geoLatency"}""",
            Encoding.ASCII.GetString(WireJson.ToUtf8(group)));
    }

    [Theory]
    [InlineData("""{"provisioningStatus":1}""", "$.provisioningStatus")]
    [InlineData("""{"provisioningStatus":"maybe"}""", "$.provisioningStatus")]
    [InlineData("""{"provisioningStatus":"enabled, disabled"}""", "$.provisioningStatus")]
    [InlineData("""{"attestation":{"x509":[]}}""", "$.attestation.x509")]
    [InlineData("""{"createdDateTimeUtc":"yesterday"}""", "$.createdDateTimeUtc")]
    [InlineData("null", "null")]
    public void A_fault_names_its_place(string text, string place)
    {
        Assert.False(WireJson.TryParse<EnrollmentGroupDocument>(Encoding.UTF8.GetBytes(text), out _, out var fault));
        Assert.Contains(place, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_is_an_array_also_when_empty()
    {
        Assert.Equal("[]", Encoding.ASCII.GetString(WireJson.ToUtf8Array<EnrollmentGroupDocument>([])));
        var list = WireJson.ToUtf8Array<EnrollmentGroupDocument>([new() { EnrollmentGroupId = "a" }, new() { EnrollmentGroupId = "b" }]);
        Assert.Equal("""[{"enrollmentGroupId":"a"},{"enrollmentGroupId":"b"}]""", Encoding.ASCII.GetString(list));
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData(" * ; ", true)]
    [InlineData("SELECT *", true)]
    [InlineData("select*from enrollmentGroups;", true)]
    [InlineData("SELECT\n*\tFROM   enrollments", true)]
    [InlineData("SELECT", false)]
    [InlineData("SELECT * FROM", false)]
    [InlineData("SELECT * FROM a b", false)]
    [InlineData("SELECT * FROM a; DROP", false)]
    [InlineData("SELECT a FROM enrollments", false)]
    [InlineData("SELECT * FROM enrollments WHERE x = 1", false)]
    [InlineData("**", false)]
    [InlineData(";", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_query_asks_for_everything(string? text, bool expected) => Assert.Equal(expected, EnrollmentQuery.TryParse(text, out var query, out _) && query.Conditions.Count == 0);

    [Fact]
    public void No_query_is_accepted_where_it_may_be_left_out()
    {
        Assert.True(EnrollmentQuery.TryParse(null, out _, out _, allowEmpty: true));
        Assert.False(EnrollmentQuery.TryParse("x", out _, out _, allowEmpty: true));
    }

    [Fact]
    public void No_body_makes_the_parser_throw() =>
        Texts.After(
            "{\"attestation\":{\"x509\":{",
            "{\"initialTwin\":{\"",
            "{\"registrationState\":{\"status\":\"",
            "{\"iotHubs\":[").Sample(text =>
        {
            _ = WireJson.TryParse<IndividualEnrollmentDocument>(Encoding.UTF8.GetBytes(text), out _);
            _ = WireJson.TryParse<EnrollmentGroupDocument>(Encoding.UTF8.GetBytes(text), out _);
            _ = EnrollmentQuery.TryParse(text, out _, out _);
        });
}
