namespace Perennial.Agent.Tests;

/// <summary>How a process of the agent ended.</summary>
internal sealed record AgentOutcome(int ExitCode, string Output, string Error);
