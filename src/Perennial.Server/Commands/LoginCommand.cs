using System.CommandLine;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>perennial login</c> and <c>perennial logout</c>: keeps how to reach a server on another machine.</summary>
internal static class LoginCommand
{
    private static readonly Option<Uri> Server = new("--server")
    {
        Description = "The address of its HTTPS port.",
        HelpName = "URL",
        Required = true,
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.AbsolutePath == "/")
            {
                return url;
            }

            result.AddError($"--server takes https://HOST or https://HOST:PORT, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    private static readonly Option<string> Secret = new("--connection-string-file")
    {
        Description = "A file with the connection string of the provisioning service; - is standard input.",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<string[]> HubSecrets = new("--hub-connection-string-file")
    {
        Description = "A file with the connection string of a hub, for 'perennial device'; may be given again.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> TrustBundle = new("--trust-bundle") { Description = "The roots of the server as PEM. Default those of the operating system.", HelpName = "FILE" };

    private static readonly Option<string> Name = new("--name")
    {
        Description = "The name of the login, for --login of other commands.",
        HelpName = "NAME",
        DefaultValueFactory = _ => LoginFile.UsualName,
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var token] && !IsName(token.Value))
                {
                    result.AddError($"--name takes 1 to 50 letters, digits and -, not '{token.Value}'.");
                }
            },
        },
    };

    public static Command Login()
    {
        var command = new Verb(
            "login",
            "Keeps how to reach a server, for the commands that ask one. The server is asked once, so a login that is kept works.",
            "perennial login --server https://localhost:8443 --connection-string-file owner.txt --hub-connection-string-file hub.txt --trust-bundle trust-bundle.pem")
        {
            Server, Secret, HubSecrets, TrustBundle, Name,
        };
        command.SetAction(LoginAsync);
        return command;
    }

    public static Command Logout()
    {
        var command = new Verb("logout", "Forgets a login.", "perennial logout") { Name };
        command.SetAction(async (line, _) =>
        {
            var name = line.GetRequiredValue(Name);
            await line.InvocationConfiguration.Output.WriteLineAsync(new LoginFile(name).Delete() ? $"the login '{name}' is forgotten" : $"there was no login '{name}'");
            return 0;
        });
        return command;
    }

    private static async Task<int> LoginAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var bundle = line.GetValue(TrustBundle);
        if (bundle is not null)
        {
            LocalServer.ReadRoots(bundle);
        }

        var login = new LoginDocument
        {
            Server = line.GetRequiredValue(Server),
            ConnectionString = SecretInput.Read(line.GetRequiredValue(Secret), "the connection string"),
            HubConnectionStrings = [.. (line.GetValue(HubSecrets) ?? []).Select(file => SecretInput.Read(file, "the connection string of the hub"))],
            TrustBundle = bundle is null ? null : Encoding.UTF8.GetString(OperatorFile.ReadBytes(bundle)),
        };
        using (var connection = LoginFile.Connect(login, TimeProvider.System))
        {
            await TryAsync(connection, cancellationToken);
        }

        var path = new LoginFile(line.GetRequiredValue(Name)).Save(login);
        await line.InvocationConfiguration.Output.WriteLineAsync($"logged in to {login.Server}; kept in {path}");
        return 0;
    }

    // The least that every useful policy may do differs; a refusal for want of a right proves the key too.
    private static async Task TryAsync(ServiceConnection connection, CancellationToken cancellationToken)
    {
        await foreach (var _ in connection.Provisioning.ListAsync(RestNoun.Enrollment.Query("*") with { PageSize = 1 }, cancellationToken))
        {
            return;
        }
    }

    private static bool IsName(string text) => text.Length is > 0 and <= 50 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
