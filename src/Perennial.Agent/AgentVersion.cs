namespace Perennial.Agent;

/// <summary>What the agent calls itself.</summary>
internal static class AgentVersion
{
    public static readonly string Number = typeof(AgentVersion).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>Percent-encoded.</summary>
    public static readonly string UserAgent = Uri.EscapeDataString($"perennial-agent/{Number}");
}
