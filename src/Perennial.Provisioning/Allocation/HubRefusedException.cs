namespace Perennial.Provisioning.Allocation;

/// <summary>A linked hub refused what provisioning asked of it: wrong key, or something that it does not take. Asking again does not help.</summary>
public sealed class HubRefusedException(string message) : Exception(message);
