using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Authority.Issuers;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary><c>perennial ca profile</c>: what certificates are like that enrollments ask for by name.</summary>
internal static class CaProfileCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The profile, as an enrollment's credentialPolicyName says it." };

    private static readonly Option<string?> Issuer = new("--issuer") { Description = "The issuer whose active authority signs. Needed for a new profile.", HelpName = "NAME" };

    private static readonly Option<TimeSpan?> Validity =
        LifetimeOption.CreateOptional("--validity", "How long a certificate is valid, 1h to 10y, for instance 30d. Default 90d.");

    private static readonly Option<string?> Keys = new("--keys")
    {
        Description = "Kinds of key that get a certificate, with commas between: p256, p384, rsa2048, rsa3072, or all. Default all.",
        HelpName = "KINDS",
    };

    private static readonly Option<TimeSpan?> Backdating =
        LifetimeOption.CreateOptional("--backdating", "How far before its issue a certificate begins, 0h to 24h. Default 5 minutes.");

    private static readonly Option<string[]> Purposes = new("--purpose")
    {
        Description = "client, server, or an object identifier; may be given again. Default client.",
        HelpName = "PURPOSE",
    };

    private static readonly Option<bool?> SelfRoll = new("--self-roll")
    {
        Description = "A device may place its next certificate in the free slot of its own enrollment.",
    };

    private static readonly Option<int?> AfterExpiry = new("--roll-after-expiry")
    {
        Description = "For how many days an expired certificate may still obtain a new one; 0 ends it.",
        HelpName = "DAYS",
    };

    private static readonly Option<double?> RollAt = new("--roll-at")
    {
        Description = "The share of its life after which a device is to roll its certificate, 0.1 to 0.95. Default two thirds.",
        HelpName = "SHARE",
    };

    public static Command Create()
    {
        var save = new Verb("save", "Makes a profile, or changes what is named of one.", "perennial ca profile save lamps --issuer ours --validity 30d --self-roll")
        {
            Name, Issuer, Validity, Keys, Backdating, Purposes, SelfRoll, AfterExpiry, RollAt,
        };
        var list = new Verb("list", "Lists the profiles.", "perennial ca profile list") { ServiceOptions.Format };
        var delete = new Verb("delete", "Deletes a profile; enrollments that name it get no certificates any more.", "perennial ca profile delete lamps") { Name };
        save.SetAction((line, cancellationToken) => AuthoritySession.RunAsync(line, (parts, _) => SaveAsync(line, parts, cancellationToken)));
        list.SetAction((line, cancellationToken) => AuthoritySession.RunAsync(line, (parts, _) => ListAsync(line, parts, cancellationToken)));
        delete.SetAction((line, cancellationToken) => AuthoritySession.RunAsync(line, (parts, _) => DeleteAsync(line, parts, cancellationToken)));
        return new Command("profile", "Makes, lists and deletes certificate profiles.") { save, list, delete };
    }

    private static async Task<int> SaveAsync(ParseResult line, AuthorityParts parts, CancellationToken cancellationToken)
    {
        var name = line.GetRequiredValue(Name);
        var stored = await parts.Profiles.FindAsync(name, cancellationToken);
        var issuer = line.GetValue(Issuer) ?? stored?.IssuerName
            ?? throw new OperatorException($"there is no profile '{name}' yet; say which issuer is to sign with --issuer.");
        var profile = Change(line, stored ?? new CertificateProfile { Name = name, IssuerName = issuer }) with { IssuerName = issuer };
        if (profile.Faults() is { Count: > 0 } faults)
        {
            throw new OperatorException(string.Join(" ", faults));
        }

        await WriteAsync(await parts.Profiles.SaveAsync(profile, AuthoritySession.Actor, cancellationToken));
        return 0;
    }

    private static CertificateProfile Change(ParseResult line, CertificateProfile stored) => stored with
    {
        Validity = line.GetValue(Validity) ?? stored.Validity,
        Backdating = line.GetValue(Backdating) ?? stored.Backdating,
        AllowedKeys = line.GetValue(Keys) is { } kinds ? KindsOf(kinds) : stored.AllowedKeys,
        Purposes = line.GetValue(Purposes) is { Length: > 0 } purposes ? [.. purposes.Select(PurposeOf)] : stored.Purposes,
        AllowsSelfRoll = line.GetValue(SelfRoll) ?? stored.AllowsSelfRoll,
        RollAfterExpiryDays = line.GetValue(AfterExpiry) ?? stored.RollAfterExpiryDays,
        RollAt = line.GetValue(RollAt) ?? stored.RollAt,
    };

    private static KeyKinds KindsOf(string text) => text.Split(',', StringSplitOptions.TrimEntries).Aggregate(
        KeyKinds.None,
        (kinds, word) => Enum.TryParse<KeyKinds>(word, ignoreCase: true, out var kind) && !char.IsAsciiDigit(word[0])
            ? kinds | kind
            : throw new OperatorException($"'{word}' is no kind of key; they are p256, p384, rsa2048, rsa3072 and all."));

    private static string PurposeOf(string text) => text switch
    {
        "client" => X509.ChainPolicyOptions.ClientAuthentication,
        "server" => X509.ChainPolicyOptions.ServerAuthentication,
        _ => text,
    };

    private static async Task<int> ListAsync(ParseResult line, AuthorityParts parts, CancellationToken cancellationToken)
    {
        var profiles = await parts.Profiles.ListAsync(cancellationToken);
        if (Answers.AreJson(line))
        {
            await Answers.WriteJsonAsync(line, profiles.Select(JsonOf));
            return 0;
        }

        foreach (var profile in profiles)
        {
            await WriteAsync(profile);
        }

        return 0;
    }

    private static async Task<int> DeleteAsync(ParseResult line, AuthorityParts parts, CancellationToken cancellationToken) =>
        await parts.Profiles.DeleteAsync(line.GetRequiredValue(Name), AuthoritySession.Actor, cancellationToken)
            ? 0
            : throw new OperatorException($"there is no profile '{line.GetRequiredValue(Name)}'. See them with: perennial ca profile list");

    private static JsonObject JsonOf(CertificateProfile profile) => new()
    {
        ["name"] = profile.Name,
        ["issuer"] = profile.IssuerName,
        ["validityDays"] = profile.Validity.TotalDays,
        ["keys"] = profile.AllowedKeys.ToString(),
        ["selfRoll"] = profile.AllowsSelfRoll,
        ["rollAfterExpiryDays"] = profile.RollAfterExpiryDays,
    };

    private static Task WriteAsync(CertificateProfile profile) => Console.Out.WriteLineAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"{profile.Name,-24} issuer {profile.IssuerName}, valid {profile.Validity.TotalDays:0.##} days, keys {profile.AllowedKeys}"
        + $"{(profile.AllowsSelfRoll ? ", self-roll" : string.Empty)}{(profile.RollAfterExpiryDays > 0 ? $", {profile.RollAfterExpiryDays} days after expiry" : string.Empty)}"));
}
