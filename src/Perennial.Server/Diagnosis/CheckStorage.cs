using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Perennial.Authority.Issuers;
using Perennial.Server.Hosting;
using Perennial.Server.Inspection;
using Perennial.Server.Instances;
using Perennial.Server.Storage;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Diagnosis;

/// <summary>The database and what it holds that ends: issuing authorities, CA certificates, certificates of enrollments.</summary>
internal sealed class CheckStorage(Instance instance, TimeProvider time)
{
    private static readonly TimeSpan Near = TimeSpan.FromDays(90);

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var database = DatabaseOpening.OpenBeside(instance.Database, NullLoggerFactory.Instance, time);
            var counts = await new ExpiryStore(database).CountAsync(time.GetUtcNow(), cancellationToken);
            using var parts = AuthorityParts.Compose(instance, database, time);
            return
            [
                Finding.Ok("database", $"{instance.Database} answers"),
                .. counts.Where(count => count.Days == 30).Select(Ending),
                .. (await parts.Issuers.ListAsync(cancellationToken)).Where(slot => slot.State == IssuerState.Active).Select(Issuer),
                .. (await parts.SelfMadeRoots.RunAsync(cancellationToken)).Select(issuer => Finding.Warn(
                    $"issuer {issuer}", "its root was made on this server and is for testing. Keep the root of a fleet elsewhere: perennial ca root --help")),
            ];
        }
        catch (Exception exception) when (exception is OperatorException or StorageUnavailableException or SqliteException or NpgsqlException or IOException)
        {
            return [Finding.Fail("database", exception.Message)];
        }
    }

    private static Finding Ending(Metrics.ExpiryCount count)
    {
        var (subject, what) = count.Kind switch
        {
            "enrolled" => ("enrolled certificates", "certificates in enrollments"),
            "ca" => ("CA certificates", "CA certificates of the service"),
            _ => ("issued certificates", "certificates issued to devices"),
        };
        return count.Certificates == 0
            ? Finding.Ok(subject, "none ends within 30 days")
            : Finding.Warn(subject, string.Create(CultureInfo.InvariantCulture, $"{count.Certificates} {what} end within 30 days. Stage their successors in the free slots, or see that the devices roll."));
    }

    private Finding Issuer(IssuerSlot slot)
    {
        var subject = $"issuer {slot.IssuerName}";
        if (slot.Certificate is not { } certificate)
        {
            return Finding.Ok(subject, "signs elsewhere");
        }

        var (at, words) = (time.GetUtcNow(), DescribeCertificate.Validity(certificate, time.GetUtcNow()));
        return at > certificate.NotAfter ? Finding.Fail(subject, $"has expired, and issues nothing: {words}. Make the next: perennial ca create {slot.IssuerName}")
            : certificate.NotAfter - at < Near ? Finding.Warn(subject, $"{words}. Make the next: perennial ca create {slot.IssuerName}")
            : Finding.Ok(subject, words);
    }
}
