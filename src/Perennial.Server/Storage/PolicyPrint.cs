namespace Perennial.Server.Storage;

/// <summary>A policy without its keys: their SHA-256 tells whether they changed.</summary>
internal sealed record PolicyPrint(string Scope, string Name, string Rights, string Primary, string Secondary);
