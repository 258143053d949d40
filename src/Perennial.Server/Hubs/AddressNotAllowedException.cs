namespace Perennial.Server.Hubs;

/// <summary>A host has no address that requests may go to.</summary>
internal sealed class AddressNotAllowedException(string host) : Exception(
    $"{host} has no address that requests may go to: private, loopback and link-local ones are refused unless --webhook-network allows them.");
