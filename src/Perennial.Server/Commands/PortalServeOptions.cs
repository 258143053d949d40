using System.CommandLine;
using System.CommandLine.Parsing;
using Perennial.Server.Instances;
using Perennial.Server.Users;

namespace Perennial.Server.Commands;

/// <summary>The options of <c>perennial serve</c> that say how the portal is entered. They are kept in the data folder.</summary>
internal static class PortalServeOptions
{
    private static readonly Option<Uri?> Url = Address("--portal-url", "Where browsers reach the portal, when a proxy stands in front of it: https://perennial.example.net. First start: none.");

    private static readonly Option<TimeSpan?> SessionIdle = new("--portal-session-idle")
    {
        Description = "Ends sessions that are not used for so long, as 8:00 for eight hours. First start: 8:00.",
        HelpName = "TIME",
    };

    private static readonly Option<Uri?> Issuer = Address("--portal-openid-issuer", "An OpenID provider at which users sign in. First start: none.");

    private static readonly Option<string?> Client = new("--portal-openid-client") { Description = "The client id there.", HelpName = "ID" };

    private static readonly Option<string?> SecretFile = new("--portal-openid-secret-file")
    {
        Description = "A file whose first line is the client's secret.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> RoleClaim = new("--portal-openid-role-claim")
    {
        Description = "The claim that tells a user's roles. First start: roles.",
        HelpName = "CLAIM",
    };

    private static readonly Option<KeyValuePair<string, UserRole>[]> Roles = new("--portal-openid-role")
    {
        Description = "A value of that claim and the role that it gives: fleet-admins=administrator; may be given again.",
        HelpName = "VALUE=ROLE",
        CustomParser = ReadRoles,
    };

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { Url, SessionIdle, Issuer, Client, SecretFile, RoleClaim, Roles })
        {
            command.Add(option);
        }
    }

    public static PortalOptions Of(ParseResult line) => new()
    {
        Url = line.GetValue(Url),
        SessionIdle = line.GetValue(SessionIdle),
        Issuer = line.GetValue(Issuer),
        ClientId = line.GetValue(Client),
        SecretFile = line.GetValue(SecretFile),
        RoleClaim = line.GetValue(RoleClaim),
        Roles = line.GetValue(Roles) ?? [],
    };

    private static Option<Uri?> Address(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = result =>
        {
            // Secrets and codes go over it: without TLS only to this machine.
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
            {
                return url;
            }

            result.AddError($"{name} takes an https address, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    private static KeyValuePair<string, UserRole>[] ReadRoles(ArgumentResult result)
    {
        var roles = new List<KeyValuePair<string, UserRole>>();
        foreach (var text in result.Tokens.Select(token => token.Value))
        {
            var split = text.LastIndexOf('=');
            if (split > 0 && Enum.TryParse<UserRole>(text[(split + 1)..], ignoreCase: true, out var role) && Enum.IsDefined(role))
            {
                roles.Add(KeyValuePair.Create(text[..split], role));
            }
            else
            {
                result.AddError($"--portal-openid-role takes VALUE=reader, VALUE=operator or VALUE=administrator, not '{text}'.");
            }
        }

        return [.. roles];
    }
}
