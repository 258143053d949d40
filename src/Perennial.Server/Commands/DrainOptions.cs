using System.CommandLine;
using System.Text.Json.Nodes;

namespace Perennial.Server.Commands;

/// <summary>Whether what is blocked is cut or drained, and by which terms.</summary>
internal static class DrainOptions
{
    private static readonly Option<bool> Drain = new("--drain") { Description = "Its devices may obtain a new certificate, and nothing else; for an issuer or a certificate." };

    private static readonly Option<int?> Rate = new("--rate") { Description = "Of a drain: how many devices are let through in a minute. Default 60.", HelpName = "N" };

    private static readonly Option<string?> Order = new Option<string?>("--order") { Description = "Of a drain: lastSeen or longestValid, who comes first. Default lastSeen." }
        .AcceptOnlyFromAmong("lastSeen", "longestValid");

    private static readonly Option<string[]> First = new("--first") { Description = "Of a drain: a device that comes before all others; may be repeated.", HelpName = "ID" };

    private static readonly Option<bool> Unseen = new("--takes-unseen") { Description = "Of a drain: serves also leaves that were not accepted before. Whoever stole the key can make such leaves." };

    public static void AddTo(Command command)
    {
        foreach (var option in (Option[])[Drain, Rate, Order, First, Unseen])
        {
            command.Add(option);
        }
    }

    /// <summary>Sets the members that the line asks for.</summary>
    public static void Write(ParseResult line, JsonObject body)
    {
        Set(body, "mode", line.GetValue(Drain) ? "drain" : null);
        Set(body, "ratePerMinute", line.GetValue(Rate));
        Set(body, "order", line.GetValue(Order));
        Set(body, "first", line.GetValue(First) is { Length: > 0 } first ? new JsonArray([.. first.Select(name => (JsonNode)name)]) : null);
        Set(body, "takesUnseen", line.GetValue(Unseen) ? true : null);
    }

    private static void Set(JsonObject body, string name, JsonNode? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }
}
