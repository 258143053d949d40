using System.Collections.Frozen;
using System.Reflection;
using Perennial.Authority.Authorities;
using Perennial.Hub.Sessions;
using Perennial.Provisioning.Attestation;
using Perennial.Server.Connections;
using Perennial.X509;

namespace Perennial.Server.Portal;

/// <summary>Every reason for which something is refused, by its number, and what is written of it.</summary>
internal static class KnownReasons
{
    private const string Folder = "refusals/";

    private static readonly Type[] InEachAssembly =
        [typeof(CertificateRefusals), typeof(AttestationRefusals), typeof(HubRefusals), typeof(AuthorityRefusals), typeof(ConnectionRefusals)];

    private static readonly FrozenDictionary<int, RefusalReason> ByNumber = InEachAssembly
        .SelectMany(type => type.Assembly.GetTypes())
        .Where(type => type is { IsAbstract: true, IsSealed: true } && type.Name.EndsWith("Refusals", StringComparison.Ordinal))
        .SelectMany(type => type.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(property => property.PropertyType == typeof(RefusalReason))
        .Select(property => (RefusalReason)property.GetValue(null)!)
        .ToFrozenDictionary(reason => reason.Number);

    /// <summary>By number.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } = [.. ByNumber.Values.OrderBy(reason => reason.Number)];

    /// <summary>The reason of this number; null when this version knows none.</summary>
    public static RefusalReason? Find(int? number) => number is { } known ? ByNumber.GetValueOrDefault(known) : null;

    /// <summary>The page of a reason in the documents, as it is written; null when there is none.</summary>
    public static string? PageOf(int number)
    {
        using var resource = typeof(KnownReasons).Assembly.GetManifestResourceStream($"{Folder}{number}.md");
        if (resource is null)
        {
            return null;
        }

        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
