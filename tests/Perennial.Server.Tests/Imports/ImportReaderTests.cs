using CsCheck;
using Perennial.Server.Imports;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Server.Tests.Imports;

public sealed class ImportReaderTests : IDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot("Factory");
    private readonly TestCertificate _lamp;

    public ImportReaderTests() => _lamp = _root.IssueLeaf("lamp-1");

    public void Dispose()
    {
        _lamp.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void A_bundle_gives_a_row_for_each_certificate_named_by_its_common_name()
    {
        using var second = _root.IssueLeaf("lamp-2");
        var rows = Read($"{_lamp.CertificatePem}# a remark\n{second.CertificatePem}{Pem.Write(_root.Certificate)}{_lamp.KeyPem}-----BEGIN CERTIFICATE-----\nAAAA\n");
        Assert.Equal(["lamp-1", "lamp-2"], rows.OfType<ImportRow.OfCertificate>().Select(row => row.Id));
        var faults = rows.OfType<ImportRow.Faulty>().ToList();
        Assert.Equal([2011, 2027], faults.Take(2).Select(row => int.Parse(row.Fault.AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal("The block has no END line.", faults[2].Fault);
        Assert.Equal(1 + _lamp.CertificatePem.Split('\n').Length, Assert.IsType<ImportRow.OfCertificate>(rows[1]).Line);
    }

    [Fact]
    public void CSV_gives_certificates_as_PEM_or_base64_and_thumbprints()
    {
        var thumbprint = _lamp.Certificate.Thumbprint.ToString();
        var colons = string.Join(':', thumbprint.Chunk(2).Select(pair => new string(pair)));
        var rows = Read($"registration id,certificate\r\nlamp-1,\"{_lamp.CertificatePem}\"\r\nLAMP-1,{Convert.ToBase64String(_lamp.Der.Span)}\nlamp-9,{colons}\n\nlamp-8,{thumbprint.ToLowerInvariant()},more\n");
        Assert.Equal(4, rows.Count);
        Assert.Equal(["lamp-1", "LAMP-1"], rows.OfType<ImportRow.OfCertificate>().Select(row => row.Id));
        Assert.All(rows.OfType<ImportRow.OfThumbprint>(), row => Assert.Equal(_lamp.Certificate.Thumbprint, row.Thumbprint));
        Assert.Equal(["lamp-9", "lamp-8"], rows.OfType<ImportRow.OfThumbprint>().Select(row => row.Id));
        Assert.Equal(2, rows[0].Line);
    }

    [Theory]
    [InlineData("lamp-1", "one cell")]
    [InlineData("lamp-1,nonsense!", "2030")]
    [InlineData("lamp-1,0123456789012345678901234567890123456789", "SHA-1")]
    [InlineData("lamp 1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "registration id")]
    [InlineData("lamp-1,\"no end", "quote")]
    public void A_row_that_is_none_says_why(string text, string reason) =>
        Assert.Contains(reason, Assert.IsType<ImportRow.Faulty>(Assert.Single(Read(text))).Fault, StringComparison.Ordinal);

    [Fact]
    public void A_certificate_of_another_name_is_refused() => Assert.Contains(
        "lamp-1", Assert.IsType<ImportRow.Faulty>(Assert.Single(Read($"lamp-2,{Convert.ToBase64String(_lamp.Der.Span)}"))).Fault, StringComparison.Ordinal);

    [Fact]
    public void A_row_that_is_too_long_is_told_and_the_next_is_read()
    {
        var rows = Read($"lamp-1,{new string('A', RecordReader.MaxLength)}\nlamp-1,{Convert.ToBase64String(_lamp.Der.Span)}\n");
        Assert.IsType<ImportRow.Faulty>(rows[0]);
        Assert.IsType<ImportRow.OfCertificate>(rows[1]);
    }

    [Fact]
    public void No_text_throws() => Gen.String.Sample(text => Read(text).Count >= 0);

    [Fact]
    public void Cells_come_back_as_they_were_quoted() => Gen.String.Array[2, 5].Sample(cells =>
    {
        var text = string.Join(',', cells.Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n";
        return new RecordReader(new StringReader(text)).Read() is var (_, read) && read is not null && read.Zip(cells).All(pair => pair.First.TrimEnd('\r') == pair.Second.TrimEnd('\r'));
    });

    private static List<ImportRow> Read(string text) => [.. ImportReader.Read(new StringReader(text))];
}
