namespace Perennial.Agent.Configuration;

/// <summary>The files for programs that read PEM: <c>{directory}/current/certificate.pem</c>, <c>chain.pem</c>, <c>key.pem</c>.</summary>
internal sealed record PublishSettings
{
    public required string Directory { get; init; }

    /// <summary>The mode of the key's file, octal; group and others get no more than reading. The key of a token is published as its address.</summary>
    public string KeyMode { get; set; } = "0600";
}
