using System.CommandLine;
using System.Globalization;
using Perennial.Authority.Issuance;
using Perennial.Authority.Revocation;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary><c>perennial ca revoke</c> and <c>ca revoke-certificate</c>: what the revocation lists and OCSP say from then on.</summary>
internal static class CaRevokeCommand
{
    private const int MostRecords = 1000;

    private static readonly Argument<string> Slot = new("slot") { Description = "The slot, as perennial ca list shows it." };

    private static readonly Argument<string> Device = new("device") { Description = "The registration id." };

    private static readonly Option<string?> Serial = new("--serial") { Description = "Only the certificate of this number. Default all of the device.", HelpName = "HEX" };

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "unspecified, keyCompromise, caCompromise, affiliationChanged, superseded or cessationOfOperation.",
        HelpName = "REASON",
        DefaultValueFactory = _ => "unspecified",
    };

    public static Command Revoke()
    {
        Reason.AcceptOnlyFromAmong([.. Enum.GetNames<RevocationReason>().Select(name => char.ToLowerInvariant(name[0]) + name[1..])]);
        var command = new Verb("revoke", "Revokes an issuing authority: what it issued is no longer good.", "perennial ca revoke SLOT --reason caCompromise") { Slot, Reason };
        command.SetAction((line, cancellationToken) => AuthoritySession.RunAsync(line, (parts, _) => RevokeAsync(line, parts, cancellationToken)));
        return command;
    }

    public static Command RevokeCertificate()
    {
        var command = new Verb("revoke-certificate", "Revokes certificates that were issued to a device.", "perennial ca revoke-certificate lamp-1 --reason keyCompromise") { Device, Serial, Reason };
        command.SetAction((line, cancellationToken) => AuthoritySession.RunAsync(line, (parts, _) => RevokeCertificateAsync(line, parts, cancellationToken)));
        return command;
    }

    private static async Task<int> RevokeAsync(ParseResult line, AuthorityParts parts, CancellationToken cancellationToken)
    {
        var id = line.GetRequiredValue(Slot);
        var slot = await parts.RevokeAuthority.RunAsync(id, ReasonOf(line), AuthoritySession.Actor, cancellationToken)
            ?? throw new OperatorException($"there is no slot '{id}'. See them with: perennial ca list");
        await AuthoritySession.WriteAsync(slot);
        return 0;
    }

    private static async Task<int> RevokeCertificateAsync(ParseResult line, AuthorityParts parts, CancellationToken cancellationToken)
    {
        var (device, serial) = (line.GetRequiredValue(Device), line.GetValue(Serial)?.Replace(":", string.Empty, StringComparison.Ordinal));
        var count = 0;
        foreach (var record in await parts.Journal.ListAsync(device, MostRecords, cancellationToken))
        {
            var isMeant = record.State == IssuanceState.Issued && (serial is null || string.Equals(serial, record.SerialNumber, StringComparison.OrdinalIgnoreCase));
            if (isMeant && await parts.Revocations.TryRevokeAsync(record.SlotId, record.SerialNumber, ReasonOf(line), AuthoritySession.Actor, cancellationToken))
            {
                await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{record.SerialNumber}  until {record.NotAfter:u}"));
                count++;
            }
        }

        return count > 0 ? 0 : throw new OperatorException($"no certificate of '{device}' was there to be revoked.");
    }

    private static RevocationReason ReasonOf(ParseResult line) => Enum.Parse<RevocationReason>(line.GetRequiredValue(Reason), ignoreCase: true);
}
