using System.CommandLine;
using System.Globalization;
using System.Net;
using Perennial.Protocol.Sas;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary>Options whose bad values are told in a sentence that names the option.</summary>
internal static class OptionParsing
{
    public static Option<int?> Port(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "PORT",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue)
            {
                return port;
            }

            result.AddError($"{name} takes a port from 0 to 65535, not '{text}'.");
            return null;
        },
    };

    public static Option<int> Number(string name, string description, int least, int most, Func<int> otherwise) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => otherwise(),
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            result.AddError($"{name} takes a number from {least} to {most}, not '{text}'.");
            return least;
        },
    };

    public static Option<IPAddress?> Address(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (IPAddress.TryParse(text, out var address))
            {
                return address;
            }

            result.AddError($"{name} takes an IP address, not '{text}'.");
            return null;
        },
    };

    public static Option<string?> HostName(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "NAME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (IsHostName(text))
            {
                return text;
            }

            result.AddError($"{name} takes a host name, not '{text}'.");
            return null;
        },
    };

    public static Option<KeyValuePair<string, string>[]> Hubs(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "NAME=HOSTNAME",
        CustomParser = result =>
        {
            var hubs = result.Tokens.Select(token => token.Value.Split('=', 2)).ToList();
            if (hubs.Find(hub => hub.Length != 2 || !IsLabel(hub[0]) || !IsHostName(hub[1])) is { } wrong)
            {
                result.AddError($"{name} takes NAME=HOSTNAME, for instance hub-a=hub-a.example.net, not '{string.Join('=', wrong)}'.");
                return null;
            }

            if (hubs.DistinctBy(hub => hub[0], StringComparer.OrdinalIgnoreCase).Count() < hubs.Count
                || hubs.DistinctBy(hub => hub[1], StringComparer.OrdinalIgnoreCase).Count() < hubs.Count)
            {
                result.AddError($"{name} names a hub or a host name twice; hubs are told apart by both.");
                return null;
            }

            return [.. hubs.Select(hub => KeyValuePair.Create(hub[0], hub[1]))];
        },
    };

    public static Option<ConnectionString[]> ConnectionStrings(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "CONNECTION",
        CustomParser = result =>
        {
            var hubs = new List<ConnectionString>();
            foreach (var token in result.Tokens)
            {
                if (!LinkedHubsFile.TryRead(token.Value, out var hub, out var fault))
                {
                    result.AddError($"{name}: {fault}");
                    return null;
                }

                hubs.Add(hub);
            }

            return [.. hubs];
        },
    };

    public static Option<string[]> Networks(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "NETWORK",
        CustomParser = result =>
        {
            var networks = result.Tokens.Select(token => token.Value).ToArray();
            if (Array.Find(networks, network => !IPNetwork.TryParse(network, out _)) is not { } wrong)
            {
                return networks;
            }

            result.AddError($"{name} takes a network such as 10.1.0.0/16, not '{wrong}'.");
            return null;
        },
    };

    private static bool IsHostName(string text) =>
        text.Length <= 253 && (IPAddress.TryParse(text, out _) || text.Split('.').All(IsLabel));

    private static bool IsLabel(string text) =>
        text.Length is > 0 and <= 63 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
