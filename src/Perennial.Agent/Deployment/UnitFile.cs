using Perennial.Agent.Configuration;

namespace Perennial.Agent.Deployment;

/// <summary>The systemd unit that runs the agent, confined to what it needs.</summary>
internal static class UnitFile
{
    public const string Name = "perennial-agent.service";

    public const string DefaultFolder = "/etc/systemd/system";

    /// <param name="program">The path of the agent.</param>
    /// <param name="configurationPath">The path of its configuration.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="exec">The hook of the command line; null for the configuration's.</param>
    public static string Write(string program, string configurationPath, AgentConfiguration configuration, string? exec)
    {
        var writable = new[] { configuration.State, configuration.Publish?.Directory }.OfType<string>().Select(path => Quote(Path.GetFullPath(path)));
        var command = $"{Quote(program)} run --config {Quote(configurationPath)}{(exec is null ? string.Empty : $" --exec {Quote(exec)}")}";

        // A deploy hook acts on the rest of the machine, for instance through systemctl; without one the agent needs nothing of it.
        var confinement = (exec ?? configuration.Exec) is not null
            ? string.Empty
            : $"""
              ProtectSystem=strict
              ReadWritePaths={string.Join(' ', writable)}
              RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
              RestrictNamespaces=yes
              SystemCallArchitectures=native

              """;
        return $"""
            [Unit]
            Description=Perennial agent: keeps the certificate of this device valid
            Documentation=file:///usr/share/doc/perennial-agent/agent.md
            Wants=network-online.target
            After=network-online.target time-sync.target

            [Service]
            Type=exec
            ExecStart={command}
            ExecReload=/bin/kill -HUP $MAINPID
            Restart=always
            RestartSec=10
            UMask=0077
            NoNewPrivileges=yes
            PrivateTmp=yes
            ProtectHome=read-only
            ProtectKernelTunables=yes
            ProtectControlGroups=yes
            {confinement}
            [Install]
            WantedBy=multi-user.target

            """;
    }

    // systemd reads quotes, backslashes, percent and dollar signs.
    private static string Quote(string text)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal);
        return escaped.Any(c => char.IsWhiteSpace(c) || c is '"' or '\\' or '\'' or ';') ? $"\"{escaped}\"" : escaped;
    }
}
