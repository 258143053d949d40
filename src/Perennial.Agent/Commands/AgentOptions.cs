using System.CommandLine;
using Perennial.Agent.Configuration;

namespace Perennial.Agent.Commands;

/// <summary>The options that several commands have.</summary>
internal static class AgentOptions
{
    public static readonly Option<string> Configuration = new("--config")
    {
        Description = "The configuration.",
        HelpName = "FILE",
        DefaultValueFactory = _ => AgentConfiguration.DefaultPath,
    };

    public static readonly Option<string?> Exec = new("--exec")
    {
        Description = "The deploy hook, a command for /bin/sh; goes before the one of the configuration.",
        HelpName = "COMMAND",
    };

    public static AgentConfiguration Read(ParseResult line)
    {
        var configuration = AgentConfiguration.Read(line.GetRequiredValue(Configuration));
        return line.GetResult(Exec) is not null && line.GetValue(Exec) is { Length: > 0 } exec ? configuration with { Exec = exec } : configuration;
    }
}
