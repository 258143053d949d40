using Perennial.X509;
using RegistrationId = Perennial.Provisioning.RegistrationId;

namespace Perennial.Server.Imports;

/// <summary>
/// Reads a factory's list row by row: a bundle of PEM certificates, one for each device, named by its common name; or CSV with the registration
/// id and a certificate (PEM, or DER in base64) or its SHA-256 thumbprint.
/// </summary>
internal static class ImportReader
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";

    public static IEnumerable<ImportRow> Read(TextReader text) => text.Peek() == '-' ? ReadBundle(text) : ReadRecords(text);

    private static IEnumerable<ImportRow> ReadBundle(TextReader text)
    {
        var (line, start, block) = (0L, 0L, new StringBuilder());
        while (text.ReadLine() is { } read)
        {
            line++;
            if (read.StartsWith(Begin, StringComparison.Ordinal))
            {
                (start, _) = (line, block.Clear());
            }

            if (start == 0)
            {
                continue;
            }

            if (block.Length < RecordReader.MaxLength)
            {
                block.Append(read).Append('\n');
            }

            if (read.StartsWith(End, StringComparison.Ordinal))
            {
                yield return RowOf(start, string.Empty, block.ToString());
                (start, _) = (0, block.Clear());
            }
        }

        if (start > 0)
        {
            yield return new ImportRow.Faulty(start, string.Empty, "The block has no END line.");
        }
    }

    private static IEnumerable<ImportRow> ReadRecords(TextReader text)
    {
        var records = new RecordReader(text);
        var isFirst = true;
        while (records.Read() is var (line, cells))
        {
            var isHeader = isFirst && cells is [var title, ..] && title.Replace(" ", string.Empty, StringComparison.Ordinal).Equals("registrationId", StringComparison.OrdinalIgnoreCase);
            isFirst = false;
            if (isHeader || cells is [""])
            {
                continue;
            }

            yield return cells switch
            {
                null => new ImportRow.Faulty(line, string.Empty, $"The row is longer than {RecordReader.MaxLength} characters, or a quote in it does not end."),
                [var id, var value, ..] => RowOf(line, id.Trim(), value.Trim()),
                _ => new ImportRow.Faulty(line, cells[0], "The row has one cell; wanted are a registration id and a certificate or a thumbprint."),
            };
        }
    }

    private static ImportRow RowOf(long line, string id, string value)
    {
        var digits = value.Replace(":", string.Empty, StringComparison.Ordinal);
        if (Thumbprint.TryParse(digits, out var thumbprint))
        {
            return RegistrationId.TryParse(id, out _)
                ? new ImportRow.OfThumbprint(line, id, thumbprint)
                : new ImportRow.Faulty(line, id, "A thumbprint needs a registration id: 1 to 128 letters, digits and - . _ : .");
        }

        if (digits.Length == 40 && digits.All(char.IsAsciiHexDigit))
        {
            return new ImportRow.Faulty(line, id, "This is a SHA-1 thumbprint; give the SHA-256 thumbprint or the certificate.");
        }

        return Pem.TryReadCertificates(value, out var certificates, out var refusal)
            ? RowOf(line, id, certificates[0])
            : new ImportRow.Faulty(line, id, $"{refusal.Reason.Number} {refusal.Reason.Title} {refusal.Detail}");
    }

    private static ImportRow RowOf(long line, string id, Certificate leaf)
    {
        if (leaf.IsCertificateAuthority)
        {
            return new ImportRow.Faulty(line, id, $"{CertificateRefusals.AuthorityAsLeaf.Number} {leaf} is an authority's. Enroll it as a group.");
        }

        if (!leaf.TryGetCommonName(out var name, out var refusal))
        {
            return new ImportRow.Faulty(line, id, $"{refusal.Reason.Number} {refusal.Detail}");
        }

        if (id.Length > 0 && !string.Equals(id, name.Value, StringComparison.OrdinalIgnoreCase))
        {
            return new ImportRow.Faulty(line, id, $"The common name of {leaf} is '{name}', and the device would be refused by it.");
        }

        var registrationId = id.Length > 0 ? id : name.Value;
        return RegistrationId.TryParse(registrationId, out _)
            ? new ImportRow.OfCertificate(line, registrationId, leaf)
            : new ImportRow.Faulty(line, registrationId, "The common name is no registration id: 1 to 128 letters, digits and - . _ : .");
    }
}
